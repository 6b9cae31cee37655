#pragma once

#include "output/results_reader.hpp"

#include <cstddef>
#include <string>
#include <vector>

/// What is in a results file, as pictures and reports show it.
namespace osteoflare::scenarios {

/// Members that are shown together: those of one genotype that reached their end.
struct Group {
    std::string label; ///< the genotype's name; empty in a model without genotypes
    std::vector<std::size_t> members;
};

/// In the order of their first members. A failed member is data, but no picture.
std::vector<Group> groups_of(const output::ResultsReader& file);

/// Names of all time courses, in alphabetic order.
std::vector<std::string> time_courses(const output::ResultsReader& file);

/// Those that a reader wants to see first, in the order of the story: inflammation, its brake, bone.
std::vector<std::string> first_courses(const output::ResultsReader& file);

/// Median, and the quantiles 5 and 95 %, of a group at each time, over the members that got there.
struct Quantiles {
    std::vector<double> low, median, high;
};
/// `values` are those of one time course, (member, time).
Quantiles quantiles(const Group& group, const std::vector<double>& values, std::size_t n_times);

/// An empirical distribution, as steps: at x[i] the share comes to y[i].
struct Steps {
    std::vector<double> x, y;
};
/// The share of a group that has fallen ill by each day, from the first day to the last.
Steps incidence(const Group& group, const std::vector<double>& onset, double first_day, double last_day);

/// The value below which a share q of sorted numbers lies, interpolated between neighbours (Hyndman & Fan's type 7).
/// NaN for none.
double quantile(const std::vector<double>& sorted, double q);

} // namespace osteoflare::scenarios
