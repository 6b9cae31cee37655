#include "scenarios/record.hpp"
#include "scenarios/recording/layout.hpp"
#include "tests/benchmarks/measure.hpp"
#include "tests/benchmarks/report.hpp"
#include "tests/benchmarks/workload.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace osteoflare::benchmarks {
namespace {

namespace fs = std::filesystem;

/// A folder that goes away with it.
struct Folder {
    fs::path path;
    Folder()
    {
        std::string name = (fs::temp_directory_path() / "osteoflare-bench-XXXXXX").string();
        if (!::mkdtemp(name.data())) {
            throw std::runtime_error("osteoflare-bench: no temporary folder can be made (set TMPDIR)");
        }
        path = name;
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { fs::remove_all(path); }
};

} // namespace

Report measure_output(const Settings& settings)
{
    const std::size_t n_members = settings.quick ? 64 : 4000;
    Report report;
    report.table = fmt::format("computing and writing {} animals, 200 d, 28 states on every day\n{}\n\n{:<10}{:>14}"
                               "{:>14}{:>12}{:>14}\n",
                               n_members, circumstances(), "", "compute [us]", "write [us]", "overhead", "MB per s");
    const Folder folder;
    for (const bool dosed : {true, false}) {
        const Workload workload = make_workload(dosed, n_members);
        const scenarios::Layout layout = scenarios::layout_of(workload.study);
        const fs::path file = folder.path / "members.h5";
        std::vector<double> computing, recording;
        // The whole process's time: the system writes on behalf of threads of ours.
        const auto process_time = [](const auto& work) {
            const double begin = process_seconds();
            work();
            return process_seconds() - begin;
        };
        const auto members = static_cast<double>(n_members);
        const Pinned pinned(settings.core);
        for (std::size_t repeat = 0; repeat < (settings.quick ? 1 : settings.repeats); ++repeat) {
            computing.push_back(process_time([&] {
                                    for (std::size_t b = 0; b < layout.n_blocks; ++b) {
                                        (void)scenarios::run_block(workload.study, workload.times, layout.first(b),
                                                                   layout.last(b));
                                    }
                                })
                                / members);
            recording.push_back(process_time([&] {
                                    (void)scenarios::record_study(
                                        workload.study, {.file = file, .overwrite = true, .threads = 1}, nullptr);
                                })
                                / members);
        }
        const double compute = median(computing), record = median(recording);
        const double overhead = record / compute - 1;
        const double megabytes = static_cast<double>(layout.member_bytes) * 1e-6;
        const std::string prefix = dosed ? "output." : "output.undosed.";
        report.add(prefix + "overhead", overhead);
        report.add(prefix + "us_compute", compute * 1e6);
        report.add(prefix + "us_record", record * 1e6);
        report.add(prefix + "bytes_per_member", static_cast<double>(layout.member_bytes));
        report.table += fmt::format("{:<10}{:>14.1f}{:>14.1f}{:>11.1f}%{:>14.0f}\n", workload.name, compute * 1e6,
                                    (record - compute) * 1e6, overhead * 100, megabytes / (record - compute));
    }
    return report;
}

} // namespace osteoflare::benchmarks
