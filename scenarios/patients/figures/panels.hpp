#pragma once

#include "output/figures/figure.hpp"
#include "scenarios/patients/figures/compared.hpp"

#include <string>
#include <string_view>
#include <vector>

// Private to the sources of a trial's pictures.
namespace osteoflare::scenarios::patients {

/// Black, without dashes: of what is the same in all arms, or has none.
inline constexpr int neutral = 20;

/// The last visit may come just before the month that it belongs to: by this factor at most.
inline constexpr double nearly = 1.02;

/// Places of ticks [months] on an axis from 0 to `until`: at most seven, at 1, 2, 3, 6, 12… months.
std::vector<double> month_ticks(double until);

/// "the 70 children who were switched"
std::string in_words(const TrialResults& results, const std::vector<Group>& groups);

/// A curve of Kaplan and Meier for each arm, with its 95 % band, where watching ended, and the numbers at risk; a
/// single one where the arms are alike. `rising`: the share who had the event, not who did not.
output::Panel survival_panel(const TrialResults& results, const std::vector<std::vector<solvers::Watched>>& arms,
                             bool rising);

std::vector<output::Panel> survival_panels(const TrialResults& results);
/// VAS, lesions, CRP and the share without symptoms over time.
std::vector<output::Panel> course_panels(const TrialResults& results);
/// A panel for each arm, with the same children in the same rows.
std::vector<output::Panel> swimmer_panels(const TrialResults& results);
/// Of those who were diagnosed: age, lesions, inflammation, pain, and which bones.
std::vector<output::Panel> children_panels(const TrialResults& results);

/// How swimmer_panels chose its rows, in words.
std::string swimmers_in_words(const TrialResults& results);

} // namespace osteoflare::scenarios::patients
