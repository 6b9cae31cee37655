#include "output/hdf5.hpp"

namespace osteoflare::output::hdf5 {
namespace {

constexpr unsigned in_order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;

herr_t keep_first(unsigned, const H5E_error2_t* error, void* text)
{
    auto& reason = *static_cast<std::string*>(text);
    if (reason.empty() && error->desc != nullptr) {
        reason = error->desc;
    }
    return 0;
}

Id file_access()
{
    Id access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "HDF5 is out of memory");
    must(H5Pset_fclose_degree(access, H5F_CLOSE_SEMI), "HDF5 refuses a setting");
    return access;
}

} // namespace

Quiet::Quiet()
{
    H5Eget_auto2(H5E_DEFAULT, &function_, &data_);
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

Quiet::~Quiet()
{
    H5Eset_auto2(H5E_DEFAULT, function_, data_);
}

std::string innermost_reason()
{
    std::string reason;
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_first, &reason);
    H5Eclear2(H5E_DEFAULT);
    // Failed system calls come with times and addresses; the system's own words say it all.
    const std::string words = "error message = '";
    const auto start = reason.find(words);
    if (start != std::string::npos) {
        const auto end = reason.find('\'', start + words.size());
        reason = reason.substr(start + words.size(), end - start - words.size());
    }
    return reason.empty() ? "HDF5 gives no reason" : reason;
}

Id text_type()
{
    Id type(H5Tcopy(H5T_C_S1), H5Tclose, "HDF5 is out of memory");
    must(H5Tset_size(type, H5T_VARIABLE), "HDF5 refuses a text type");
    must(H5Tset_cset(type, H5T_CSET_UTF8), "HDF5 refuses a text type");
    return type;
}

Id create_file(Sink& sink)
{
    const Id creation(H5Pcreate(H5P_FILE_CREATE), H5Pclose, "HDF5 is out of memory");
    must(H5Pset_obj_track_times(creation, false), "HDF5 refuses a setting");
    must(H5Pset_link_creation_order(creation, in_order), "HDF5 refuses a setting");
    must(H5Pset_attr_creation_order(creation, in_order), "HDF5 refuses a setting");
    const Id access = file_access();
    write_to_sink(access, sink);
    // Checksums on metadata, many and long attributes; HDF5 1.8 of 2008 and later read it.
    must(H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V18), "HDF5 refuses a setting");
    return Id(H5Fcreate("results", H5F_ACC_TRUNC, creation, access), H5Fclose, "cannot be created");
}

Id open_file(const std::string& path)
{
    const Id access = file_access();
    // A finished file is never written again, and HDF5's locks fail on many network folders.
    must(H5Pset_file_locking(access, false, true), "HDF5 refuses a setting");
    return Id(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access), H5Fclose, "cannot be read");
}

Id create_group(hid_t parent, const std::string& name)
{
    const Id creation(H5Pcreate(H5P_GROUP_CREATE), H5Pclose, "HDF5 is out of memory");
    must(H5Pset_obj_track_times(creation, false), "HDF5 refuses a setting");
    must(H5Pset_link_creation_order(creation, in_order), "HDF5 refuses a setting");
    must(H5Pset_attr_creation_order(creation, in_order), "HDF5 refuses a setting");
    return Id(H5Gcreate2(parent, name.c_str(), H5P_DEFAULT, creation, H5P_DEFAULT), H5Gclose,
              "group \"" + name + "\" cannot be made");
}

Id space_of(const std::vector<hsize_t>& shape)
{
    return Id(H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr), H5Sclose,
              "HDF5 refuses a shape");
}

void write_attribute(hid_t object, const std::string& name, hid_t type, hid_t space, const void* value)
{
    const std::string what = "attribute \"" + name + "\" cannot be written";
    const Id attribute(H5Acreate2(object, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose, what);
    if (must(H5Sget_simple_extent_npoints(space), what) > 0) { // HDF5 takes no null pointer, not even for nothing
        must(H5Awrite(attribute, type, value), what);
    }
}

Id dataset_properties()
{
    Id creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "HDF5 is out of memory");
    must(H5Pset_obj_track_times(creation, false), "HDF5 refuses a setting");
    must(H5Pset_attr_creation_order(creation, in_order), "HDF5 refuses a setting");
    must(H5Pset_layout(creation, H5D_CONTIGUOUS), "HDF5 refuses a setting");
    // Rows that nobody writes must read as missing, not as what the disk held before.
    must(H5Pset_fill_time(creation, H5D_FILL_TIME_ALLOC), "HDF5 refuses a setting");
    return creation;
}

} // namespace osteoflare::output::hdf5
