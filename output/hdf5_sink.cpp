#include "output/hdf5.hpp"

#if __has_include(<H5FDdevelop.h>) // HDF5 1.14 moved the driver interface there
#include <H5FDdevelop.h>
#endif

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>

namespace osteoflare::output::hdf5 {
namespace {

/// HDF5's view of one open Sink: its virtual file driver.
struct OpenSink {
    H5FD_t base; // first, as HDF5 wants it
    Sink* sink;
    haddr_t end_of_addresses;
    haddr_t end_of_file;
};

OpenSink& opened(H5FD_t* file)
{
    return *reinterpret_cast<OpenSink*>(file);
}
const OpenSink& opened(const H5FD_t* file)
{
    return *reinterpret_cast<const OpenSink*>(file);
}

H5FD_t* open_sink(const char*, unsigned, hid_t access, haddr_t)
{
    const auto* sink = static_cast<Sink* const*>(H5Pget_driver_info(access));
    auto* file = new (std::nothrow) OpenSink{};
    if (sink == nullptr || file == nullptr) {
        delete file;
        return nullptr;
    }
    file->sink = *sink;
    return &file->base;
}

herr_t close_sink(H5FD_t* file)
{
    delete &opened(file);
    return 0;
}

herr_t features(const H5FD_t*, unsigned long* flags)
{
    *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE
             | H5FD_FEAT_AGGREGATE_SMALLDATA;
    return 0;
}

herr_t read_sink(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t address, std::size_t size, void* buffer)
{
    auto* to = static_cast<char*>(buffer);
    while (size > 0) {
        const ssize_t got = ::pread(opened(file).sink->descriptor, to, size, static_cast<off_t>(address));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) { // beyond the end, as far as was ever written, stand zeros
            std::memset(to, 0, size);
            break;
        }
        to += got;
        address += static_cast<haddr_t>(got);
        size -= static_cast<std::size_t>(got);
    }
    return 0;
}

herr_t write_sink(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t address, std::size_t size, const void* buffer)
{
    OpenSink& open = opened(file);
    const auto* from = static_cast<const char*>(buffer);
    open.end_of_file = std::max(open.end_of_file, address + size);
    while (size > 0 && open.sink->error == 0) {
        const ssize_t written = ::pwrite(open.sink->descriptor, from, size, static_cast<off_t>(address));
        if (written < 0) {
            open.sink->error = errno == EINTR ? 0 : errno;
            continue;
        }
        from += written;
        address += static_cast<haddr_t>(written);
        size -= static_cast<std::size_t>(written);
    }
    return 0;
}

herr_t truncate_sink(H5FD_t* file, hid_t, hbool_t)
{
    OpenSink& open = opened(file);
    if (open.sink->error == 0 && ::ftruncate(open.sink->descriptor, static_cast<off_t>(open.end_of_addresses)) != 0) {
        open.sink->error = errno;
    }
    open.end_of_file = open.end_of_addresses;
    return 0;
}

H5FD_class_t sink_driver()
{
    H5FD_class_t driver{};
#ifdef H5FD_CLASS_VERSION
    driver.version = H5FD_CLASS_VERSION;
    driver.value = 601; // from the range that HDF5 leaves to programs of their own
#endif
    driver.name = "osteoflare";
    driver.maxaddr = (haddr_t{1} << 62U) - 1;
    driver.fc_degree = H5F_CLOSE_SEMI;
    driver.fapl_size = sizeof(Sink*);
    driver.open = open_sink;
    driver.close = close_sink;
    driver.query = features;
    driver.get_eoa = [](const H5FD_t* file, H5FD_mem_t) { return opened(file).end_of_addresses; };
    driver.set_eoa = [](H5FD_t* file, H5FD_mem_t, haddr_t end) {
        opened(file).end_of_addresses = end;
        return herr_t{0};
    };
    driver.get_eof = [](const H5FD_t* file, H5FD_mem_t) { return opened(file).end_of_file; };
    driver.read = read_sink;
    driver.write = write_sink;
    driver.truncate = truncate_sink;
    const H5FD_mem_t kinds[H5FD_MEM_NTYPES] = H5FD_FLMAP_DICHOTOMY;
    std::copy(std::begin(kinds), std::end(kinds), std::begin(driver.fl_map));
    return driver;
}

} // namespace

void write_to_sink(hid_t access, Sink& sink)
{
    static const H5FD_class_t driver = sink_driver();
    sink.driver = Id(H5FDregister(&driver), H5FDunregister, "HDF5 refuses our file driver");
    Sink* const address = &sink;
    must(H5Pset_driver(access, sink.driver, &address), "HDF5 refuses our file driver");
}

} // namespace osteoflare::output::hdf5
