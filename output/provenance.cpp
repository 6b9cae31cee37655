#include "output/provenance.hpp"

#include "output/sha256.hpp"

#include <H5public.h>
#include <openssl/crypto.h>

namespace osteoflare::output {

std::string sha256(std::string_view text)
{
    Sha256 hash;
    hash.add(text);
    return hash.hexadecimal();
}

std::vector<LibraryVersion> output_libraries()
{
    unsigned major = 0, minor = 0, release = 0;
    H5get_libversion(&major, &minor, &release);
    return {
        {"HDF5", std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(release)},
        {"OpenSSL", OpenSSL_version(OPENSSL_VERSION_STRING)},
    };
}

} // namespace osteoflare::output
