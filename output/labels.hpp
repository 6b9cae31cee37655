#pragma once

// Private to output/: no public header includes this one.

#include "output/hdf5.hpp"
#include "output/results_writer.hpp"

#include <string>

namespace osteoflare::output {

std::string quoted(const std::string& name);

/// A call that can never be right: not the disk is at fault, but the code that writes.
hdf5::Error misuse(const std::string& what, const std::string& why);

/// The text's characters. Throws if HDF5 would cut it at a NUL or Python could not read it as UTF-8; `owner` is who
/// cannot be written then.
const char* checked_text(const std::string& text, const std::string& owner);

/// Throws if `name` cannot be the name of an object or attribute, with slashes between groups.
void check_name(const std::string& name);

void write_attribute(hid_t object, const Attribute& attribute);
void write_labels(hid_t object, const Labels& labels);

} // namespace osteoflare::output
