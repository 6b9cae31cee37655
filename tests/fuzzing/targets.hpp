#pragma once

#include "output/descriptor.hpp"
#include "output/file_error.hpp"
#include "scenarios/reading/input_error.hpp"
#include "scenarios/reading/library.hpp"

#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

/// Readers, each fed with whatever bytes there are. A reader returns or refuses with an error of ours; all else, from
/// std::bad_alloc to std::out_of_range, is thrown on and stops the program.
namespace osteoflare::fuzzing {

using Bytes = std::string_view;

/// A reader that is attacked.
struct Target {
    std::string_view name; ///< also of its folder in tests/fuzzing/corpus
    void (*read)(Bytes input);
};
std::span<const Target> targets();

void read_scenario(Bytes input);
void read_trial(Bytes input);
void read_problem(Bytes input);
void read_event_table(Bytes input);
void read_data_table(Bytes input);
void read_units(Bytes input);
void read_results(Bytes input);
void read_shard(Bytes input);
void read_study_note(Bytes input);
void read_checkpoint(Bytes input);

/// The library of this source folder, read once.
const scenarios::Library& library();

/// Runs `work`; it may refuse with an error of ours, if that says something.
template <class Work>
void may_refuse(Work work)
{
    std::string said;
    try {
        work();
        return;
    } catch (const scenarios::InputError& error) {
        said = error.what();
    } catch (const output::FileError& error) {
        said = error.what();
    }
    if (said.find(" (") == std::string::npos || said.find("); ") == std::string::npos) {
        throw std::logic_error("this is no message: " + said);
    }
}

/// The input as a file, in memory and without a name of its own, that is gone with this object.
class FileOf {
public:
    explicit FileOf(Bytes input);
    std::filesystem::path path() const;

private:
    output::Descriptor descriptor_;
};

} // namespace osteoflare::fuzzing
