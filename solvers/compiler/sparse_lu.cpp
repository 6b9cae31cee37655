#include "solvers/compiler/sparse_lu.hpp"

#include <algorithm>
#include <utility>

namespace osteoflare::solvers::compiler {

LuPattern order_elimination(std::vector<std::vector<bool>> entries)
{
    const std::size_t n = entries.size();
    for (std::size_t i = 0; i < n; ++i) {
        entries[i][i] = true;
    }
    std::vector<bool> eliminated(n);
    std::vector<std::size_t> order, depth(n);
    while (order.size() < n) {
        std::size_t best = n;
        std::pair<std::size_t, std::size_t> best_cost;
        for (std::size_t k = 0; k < n; ++k) {
            if (eliminated[k]) {
                continue;
            }
            std::size_t in_row = 0, in_column = 0;
            for (std::size_t j = 0; j < n; ++j) {
                in_row += !eliminated[j] && j != k && entries[k][j] ? 1U : 0U;
                in_column += !eliminated[j] && j != k && entries[j][k] ? 1U : 0U;
            }
            // Among equals the one that waits for the fewest others, so that more of them can be worked on at once.
            const std::pair cost(in_row * in_column, depth[k]);
            if (best == n || cost < best_cost) {
                best = k;
                best_cost = cost;
            }
        }
        eliminated[best] = true;
        for (std::size_t i = 0; i < n; ++i) {
            if (!eliminated[i] && (entries[i][best] || entries[best][i])) {
                depth[i] = std::max(depth[i], depth[best] + 1);
            }
        }
        order.push_back(best);
        for (std::size_t i = 0; i < n; ++i) {
            for (std::size_t j = 0; j < n; ++j) {
                if (!eliminated[i] && !eliminated[j] && entries[i][best] && entries[best][j]) {
                    entries[i][j] = true;
                }
            }
        }
    }
    LuPattern pattern;
    for (std::size_t position = 0; position < n; ++position) {
        LuPattern::Row row{order[position], {}, {}};
        for (std::size_t other = 0; other < n; ++other) {
            if (other != position && entries[row.unknown][order[other]]) {
                (other < position ? row.lower : row.upper).push_back(order[other]);
            }
        }
        pattern.n_factors += 1 + row.lower.size() + row.upper.size();
        pattern.rows.push_back(std::move(row));
    }
    return pattern;
}

} // namespace osteoflare::solvers::compiler
