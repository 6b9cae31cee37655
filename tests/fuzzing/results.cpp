#include "output/results_reader.hpp"

#include "fuzzing/targets.hpp"
#include "output/seal.hpp"
#include "scenarios/figures.hpp"
#include "scenarios/filming/snapshots.hpp"
#include "scenarios/patients/trial_results.hpp"

namespace osteoflare::fuzzing {
namespace {

void read_all(const output::ResultsReader& file)
{
    for (const std::string& variable : file.variables()) {
        may_refuse([&] { (void)file.shape(variable); });
        may_refuse([&] { (void)file.numbers(variable); });
        may_refuse([&] { (void)file.numbers(variable, 1, 1); });
        may_refuse([&] { (void)file.texts(variable); });
        for (const char* name : {"units", "long_name", "flag_values"}) {
            may_refuse([&] { (void)file.text_attribute(variable, name); });
            may_refuse([&] { (void)file.number_attribute(variable, name); });
        }
    }
    for (const char* name : {"title", "model", "scenario", "osteoflare_version"}) {
        may_refuse([&] { (void)file.text_attribute("", name); });
    }
}

/// The input with a seal that is right, as a forger would make it: what stands behind the door is attacked as well.
std::string sealed(Bytes input)
{
    const output::Digest piece = output::checksum(input);
    return std::string(input) + output::seal_line(std::span(&piece, 1));
}

void read_file(Bytes input)
{
    const FileOf file(input);
    may_refuse([&] {
        const output::ResultsReader reader(file.path());
        read_all(reader);
        may_refuse([&] { (void)scenarios::figure_of(reader, "input.h5", {}); });
        may_refuse([&] { (void)scenarios::patients::read_trial_results(reader); });
        may_refuse([&] {
            const scenarios::Snapshots snapshots(reader, "input.h5", "");
            (void)snapshots.moment(snapshots.days().size() - 1);
        });
    });
}

} // namespace

/// The input is a results file, as it is and with a seal: everything in it is read, and what pictures, films and tables
/// are made of.
void read_results(Bytes input)
{
    read_file(input);
    read_file(sealed(input));
}

} // namespace osteoflare::fuzzing
