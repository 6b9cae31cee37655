#include "output/labels.hpp"

#include "output/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace osteoflare::output {

std::string quoted(const std::string& name)
{
    return '"' + name + '"';
}

hdf5::Error misuse(const std::string& what, const std::string& why)
{
    return {what, why, "correct the code that writes it"};
}

const char* checked_text(const std::string& text, const std::string& owner)
{
    if (text.find('\0') != std::string::npos) {
        throw misuse(owner + " cannot be written", "its text holds a NUL character");
    }
    if (!is_utf8(text)) {
        throw misuse(owner + " cannot be written", "its text is not UTF-8");
    }
    return text.c_str();
}

void check_name(const std::string& name)
{
    const std::string path = '/' + name + '/';
    const bool bad_part = path.find("//") != std::string::npos || path.find("/./") != std::string::npos;
    const bool control = std::any_of(name.begin(), name.end(), [](char c) { return c >= 0 && c < ' '; });
    if (bad_part || control || !is_utf8(name)) {
        throw misuse(quoted(name) + " cannot be a name", "names are UTF-8 words parted by single slashes");
    }
}

void write_attribute(hid_t object, const Attribute& attribute)
{
    const auto& [name, value] = attribute;
    check_name(name);
    const hdf5::Id scalar(H5Screate(H5S_SCALAR), H5Sclose, "HDF5 is out of memory");
    if (const auto* text = std::get_if<std::string>(&value)) {
        const char* characters = checked_text(*text, "attribute " + quoted(name));
        hdf5::write_attribute(object, name, hdf5::text_type(), scalar, &characters);
    } else if (const auto* number = std::get_if<double>(&value)) {
        hdf5::write_attribute(object, name, H5T_NATIVE_DOUBLE, scalar, number);
    } else if (const auto* whole = std::get_if<std::int64_t>(&value)) {
        hdf5::write_attribute(object, name, H5T_NATIVE_INT64, scalar, whole);
    } else {
        const auto& codes = std::get<std::vector<std::uint8_t>>(value);
        hdf5::write_attribute(object, name, H5T_NATIVE_UINT8, hdf5::space_of({codes.size()}), codes.data());
    }
}

void write_labels(hid_t object, const Labels& labels)
{
    const std::array<std::pair<const char*, const std::string*>, 4> usual = {{{"units", &labels.units},
                                                                              {"long_name", &labels.long_name},
                                                                              {"symbol", &labels.symbol},
                                                                              {"source", &labels.source}}};
    for (const auto& [name, text] : usual) {
        if (!text->empty()) {
            write_attribute(object, {name, *text});
        }
    }
    for (const Attribute& attribute : labels.more) {
        write_attribute(object, attribute);
    }
}

} // namespace osteoflare::output
