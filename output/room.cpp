#include "output/room.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>
#include <system_error>

namespace osteoflare::output {
namespace fs = std::filesystem;
namespace {

constexpr double unlimited = std::numeric_limits<double>::infinity();

/// The number in a file of the kernel that holds nothing else; unlimited for "max" or no such file.
double number_in(const fs::path& file)
{
    double number = unlimited;
    std::ifstream stream(file);
    return stream >> number ? number : unlimited;
}

double free_of_machine()
{
    std::ifstream lines("/proc/meminfo");
    std::string name, unit;
    for (double kilobytes = 0; lines >> name >> kilobytes; std::getline(lines, unit)) {
        if (name == "MemAvailable:") {
            return 1024 * kilobytes;
        }
    }
    return unlimited;
}

double free_of_group()
{
    std::ifstream lines("/proc/self/cgroup");
    std::string line;
    const std::string unified = "0::";
    while (std::getline(lines, line)) {
        if (line.starts_with(unified)) {
            const fs::path group = "/sys/fs/cgroup" + line.substr(unified.size());
            const double most = number_in(group / "memory.max");
            return most < unlimited ? most - number_in(group / "memory.current") : unlimited;
        }
    }
    return unlimited;
}

double free_of_process()
{
    struct rlimit limit {};
    if (::getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) {
        return unlimited;
    }
    const double pages = number_in("/proc/self/statm"); // its first number: all that is mapped
    return pages < unlimited
               ? static_cast<double>(limit.rlim_cur) - pages * static_cast<double>(::sysconf(_SC_PAGESIZE))
               : static_cast<double>(limit.rlim_cur);
}

} // namespace

double free_memory()
{
    return std::max(0.0, std::min({free_of_machine(), free_of_group(), free_of_process()}));
}

double free_disk(const fs::path& folder)
{
    std::error_code error;
    fs::path there = fs::absolute(folder, error);
    while (!fs::exists(there, error) && there.has_relative_path()) {
        there = there.parent_path();
    }
    const auto space = fs::space(there, error);
    const bool is_known = !error && space.capacity > 0; // some file systems have no size
    return is_known ? static_cast<double>(space.available) : unlimited;
}

} // namespace osteoflare::output
