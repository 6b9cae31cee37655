#include "tests/benchmarks/patient_system.hpp"

#include <algorithm>
#include <utility>

namespace osteoflare::benchmarks {
namespace {

using System = PatientSystem;
constexpr std::size_t first_border = System::n_site, first_sum = first_border + System::n_border;

template <class Set>
void set_lane(Set& packs, std::size_t lane, const auto& values)
{
    for (std::size_t i = 0; i < packs.size(); ++i) {
        lane_in(packs[i], lane) = values[i].v;
    }
}

} // namespace

PatientSystem::PatientSystem() : block_c_(n_packs), jacobian_c_(n_packs), border_c_{}
{
    const auto& rows = Jacobian::jacobian_rows;
    const auto& columns = Jacobian::jacobian_columns;
    std::vector<std::pair<std::size_t, std::size_t>> entries; // column, row
    const auto place_in = [](std::size_t site, std::size_t state) {
        return state < first_border ? place(site, state) : place(state - first_border);
    };
    /// Sees every entry of the kernel's Jacobian that is one of ours, and every product that is one.
    const auto each_entry = [&](auto&& direct, auto&& through_sum) {
        for (std::size_t e = 0; e < rows.size(); ++e) {
            for (std::size_t site = 0; site < n_sites && rows[e] < first_sum; ++site) {
                if (columns[e] < first_sum) {
                    direct(e, site, place_in(site, rows[e]), place_in(site, columns[e]));
                }
                for (std::size_t of = 0; columns[e] >= first_sum && of < rows.size(); ++of) {
                    if (rows[of] == columns[e]) {
                        through_sum(e, of, site, place_in(site, rows[e]), place(site, columns[of]));
                    }
                }
            }
        }
    };
    each_entry(
        [&](std::size_t, std::size_t, std::size_t row, std::size_t column) { entries.emplace_back(column, row); },
        [&](std::size_t, std::size_t, std::size_t, std::size_t row, std::size_t column) {
            entries.emplace_back(column, row);
        });
    for (std::size_t i = 0; i < n; ++i) {
        entries.emplace_back(i, i);
    }
    std::ranges::sort(entries);
    entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
    starts_.resize(n + 1);
    for (const auto& [column, row] : entries) {
        ++starts_[column + 1];
        rows_.push_back(row);
        identity_.push_back(row == column ? 1 : 0);
    }
    for (std::size_t i = 0; i < n; ++i) {
        starts_[i + 1] += starts_[i];
    }
    jacobian_.resize(rows_.size());
    each_entry([&](std::size_t e, std::size_t site, std::size_t row,
                   std::size_t column) { numbers_[e][site] = number_of(row, column); },
               [&](std::size_t e, std::size_t of, std::size_t site, std::size_t row, std::size_t column) {
                   if (site == 0) {
                       through_sums_.push_back({e, of, {}});
                   }
                   const auto found = std::ranges::find_if(
                       through_sums_, [&](const ThroughSum& one) { return one.by_sum == e && one.of_share == of; });
                   found->number[site] = number_of(row, column);
               });
}

std::size_t PatientSystem::number_of(std::size_t row, std::size_t column) const
{
    const auto begin = rows_.begin() + static_cast<std::ptrdiff_t>(starts_[column]),
               end = rows_.begin() + static_cast<std::ptrdiff_t>(starts_[column + 1]);
    return static_cast<std::size_t>(std::find(begin, end, row) - rows_.begin());
}

void PatientSystem::set_site(std::size_t site, const double* settings)
{
    std::array<One, Block::n_coefficients> block;
    std::array<One, Jacobian::n_coefficients> jacobian;
    Block::prepare(settings, block.data());
    Jacobian::prepare(settings, jacobian.data());
    set_lane(block_c_[site / width], site % width, block);
    set_lane(jacobian_c_[site / width], site % width, jacobian);
}

std::array<PatientSystem::One, PatientSystem::n_sums> PatientSystem::sums(const double* y) const
{
    std::array<One, n_sums> all{};
    for (std::size_t p = 0; p < n_packs; ++p) {
        Pack state[Block::n_moving], offered[n_sums];
        for (std::size_t k = 0; k < n_site; ++k) {
            state[k] = Pack::load(y + (p * n_site + k) * width);
        }
        Block::offers(state, block_c_[p].data(), offered);
        for (std::size_t j = 0; j < n_sums; ++j) {
            for (std::size_t lane = 0; lane < width; ++lane) {
                all[j] = all[j] + One(lane_in(offered[j], lane));
            }
        }
    }
    return all;
}

void PatientSystem::rates(const double* y, double* f) const
{
    One border[Border::n_moving], given[Block::n_given], rates[n_border];
    for (std::size_t k = 0; k < n_border; ++k) {
        border[k] = One(y[place(k)]);
    }
    const auto together = sums(y);
    std::ranges::copy(together, border + n_border);
    Border::offers(border, border_c_.data(), given);
    Pack state[Block::n_moving], site_rates[n_site];
    for (std::size_t j = 0; j < Block::n_given; ++j) {
        state[n_site + j] = Pack(given[j].v);
    }
    for (std::size_t p = 0; p < n_packs; ++p) {
        for (std::size_t k = 0; k < n_site; ++k) {
            state[k] = Pack::load(y + (p * n_site + k) * width);
        }
        Block::rates(state, block_c_[p].data(), site_rates);
        for (std::size_t k = 0; k < n_site; ++k) {
            site_rates[k].store(f + (p * n_site + k) * width);
        }
    }
    Border::rates(border, border_c_.data(), rates);
    for (std::size_t k = 0; k < n_border; ++k) {
        f[place(k)] = rates[k].v;
    }
}

void PatientSystem::find_jacobian(const double* y)
{
    Pack state[Jacobian::n_states], entries[Jacobian::n_jacobian];
    for (std::size_t k = 0; k < n_border; ++k) {
        state[first_border + k] = Pack(y[place(k)]);
    }
    const auto together = sums(y);
    for (std::size_t j = 0; j < n_sums; ++j) {
        state[first_sum + j] = Pack(together[j].v);
    }
    for (const ThroughSum& one : through_sums_) {
        for (const std::size_t number : one.number) {
            jacobian_[number] = 0;
        }
    }
    for (std::size_t p = 0; p < n_packs; ++p) {
        for (std::size_t k = 0; k < n_site; ++k) {
            state[k] = Pack::load(y + (p * n_site + k) * width);
        }
        Jacobian::jacobian(state, jacobian_c_[p].data(), entries);
        for (std::size_t e = 0; e < Jacobian::n_jacobian; ++e) {
            if (Jacobian::jacobian_rows[e] < first_sum && Jacobian::jacobian_columns[e] < first_sum) {
                for (std::size_t lane = 0; lane < width; ++lane) {
                    jacobian_[numbers_[e][p * width + lane]] = lane_in(entries[e], lane);
                }
            }
        }
        for (const ThroughSum& one : through_sums_) {
            for (std::size_t lane = 0; lane < width; ++lane) {
                jacobian_[one.number[p * width + lane]] +=
                    lane_in(entries[one.by_sum], lane) * lane_in(entries[one.of_share], lane);
            }
        }
    }
}

} // namespace osteoflare::benchmarks
