#pragma once

#include <string>
#include <utility>
#include <vector>

namespace osteoflare::benchmarks {

/// What a benchmark says: a table for people and numbers for machines.
struct Report {
    std::string table;
    std::vector<std::pair<std::string, double>> numbers; ///< key and value, in the order of the object

    void add(const std::string& key, double value) { numbers.emplace_back(key, value); }
    std::string json() const;
};

struct Settings {
    bool quick = false;      ///< fewer animals and repeats: to see that it works, not to measure
    std::size_t repeats = 5; ///< medians of so many
    int core = 1;            ///< where it is measured
};

Report measure_ensemble(const Settings& settings);
Report measure_sensitivity(const Settings& settings);
Report measure_output(const Settings& settings);
Report measure_agents(const Settings& settings);
Report measure_patients(const Settings& settings);

/// Machine, compiler and date, for the head of a table.
std::string circumstances();

} // namespace osteoflare::benchmarks
