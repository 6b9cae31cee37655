#pragma once

#include "solvers/blocks/block_problem.hpp"
#include "solvers/lanes/pack.hpp"
#include "solvers/lanes/rodas5p_step.hpp"
#include "solvers/lanes/room.hpp"

#include <cstddef>
#include <new>

namespace osteoflare::solvers::blocks {

/// Rodas5P for blocks that meet only in a border; the blocks lie in the lanes of packs and share time and step. The
/// matrix of a step is an arrow, and its Schur complement is the border's: a step's cost grows linearly with the number
/// of blocks. `Block` and `Border` are written by the model compiler (compiler/block_kernel_writer.hpp).
///
/// Numbers do not depend on the width of the pack: arithmetic is elementwise, and sums over blocks are taken block
/// after block.
template <class Pack, class Block, class Border>
class BlockSolver {
public:
    BlockSolver(const BlockProblem& problem, std::size_t n_blocks)
        : problem_(problem), n_blocks_(n_blocks), n_packs_((n_blocks + width - 1) / width), packs_(n_packs_)
    {
    }

    static BlockSolver& of(void* self) { return *static_cast<BlockSolver*>(self); }

    /// blocks: (block, state)
    void set_state(double time, const double* border, const double* blocks)
    {
        t_ = time;
        for (std::size_t k = 0; k < n_border; ++k) {
            border_y_[k] = One(border[k]);
        }
        for (std::size_t lane = 0; lane < n_packs_ * width; ++lane) {
            const double* state = blocks + of_lane(lane) * n;
            for (std::size_t k = 0; k < n; ++k) {
                lane_in(pack_of(lane).y[k], lane % width) = state[k];
            }
        }
        h_ = 0;
        starts_ = true;
    }

    void get_state(double* border, double* blocks) const
    {
        for (std::size_t k = 0; k < n_border; ++k) {
            border[k] = border_y_[k].v;
        }
        for (std::size_t block = 0; block < n_blocks_; ++block) {
            for (std::size_t k = 0; k < n; ++k) {
                blocks[block * n + k] = lane_in(packs_.at(block / width)->y[k], block % width);
            }
        }
    }

    void set_block(std::size_t block, const double* settings)
    {
        One coefficients[Block::n_coefficients];
        Block::prepare(settings, coefficients);
        const std::size_t end = block + 1 == n_blocks_ ? n_packs_ * width : block + 1;
        for (std::size_t lane = block; lane < end; ++lane) { // lanes behind the last block repeat it
            for (std::size_t i = 0; i < Block::n_coefficients; ++i) {
                lane_in(pack_of(lane).c[i], lane % width) = coefficients[i].v;
            }
        }
        starts_ = true;
    }

    void set_border(const double* settings)
    {
        Border::prepare(settings, border_c_);
        starts_ = true;
    }

    void add_to_border(std::size_t state, double amount)
    {
        border_y_[state] = border_y_[state] + One(amount);
        starts_ = true;
    }

    BlockReport advance(double until, const BlockRows& rows)
    {
        BlockReport report;
        std::size_t next_row = 0;
        if (starts_) {
            starts_ = false;
            n_since_ = 0;
            h_ = lengths_[0] > 0 ? lengths_[0] : first_step(until - t_);
            controller_.restart(0);
        }
        while (t_ < until) {
            const double remaining = until - t_, wanted = wanted_step(), planned = planned_step(remaining);
            const bool lands = remaining * (1 - 1e-12) <= planned;
            const double h = lands ? remaining : planned;
            const double t_new = lands ? until : t_ + h;
            const double error = try_step(h);
            const bool accepted = error <= 1, finite = error <= lanes::never; // false if it is not a number
            h_ = controller_
                     .next(One(error), One(h), One(wanted), OneMask{accepted}, OneMask{finite}, problem_.longest_step)
                     .v;
            if (accepted) {
                remember(error, h);
                for (; next_row < rows.n_times && rows.times[next_row] <= t_new; ++next_row) {
                    write_row((rows.times[next_row] - t_) / h, rows.rows + next_row * n_row());
                }
                accept();
                t_ = t_new;
                ++report.steps;
            } else {
                forget();
                ++report.rejected;
                if (h * 0.1 <= (__builtin_fabs(t_) + 1e-6) * (16 * 0x1p-52)) {
                    report.status = finite ? lanes::LaneStatus::step_too_small : lanes::LaneStatus::not_finite;
                    break;
                }
            }
            if (report.steps + report.rejected >= problem_.most_steps && t_ < until) {
                report.status = lanes::LaneStatus::step_limit;
                break;
            }
        }
        report.time = t_;
        return report;
    }

private:
    static constexpr std::size_t width = Pack::width, n = Block::n_states, n_border = Border::n_states,
                                 n_given = Block::n_given, n_offered = Block::n_offered,
                                 n_stages = lanes::rodas5p::n_stages;
    using One = lanes::Pack1;
    using OneMask = typename One::Mask;

    /// As many blocks as a register has lanes.
    struct alignas(64) Blocks {
        explicit Blocks(int /*zero*/) {}
        Pack y[Block::n_moving] = {}, stage_y[Block::n_moving] = {}; ///< states, then what the border gives
        Pack right[n] = {}, u[n_stages][n] = {};
        Pack lu[Block::n_factors] = {}, e[Block::n_couplings] = {}, v[n_offered * n] = {};
        Pack c[Block::n_coefficients] = {};
    };

    std::size_t of_lane(std::size_t lane) const { return lane < n_blocks_ ? lane : n_blocks_ - 1; }
    Blocks& pack_of(std::size_t lane) { return *packs_.at(lane / width); }
    std::size_t n_row() const { return n_border + n_blocks_ * n; }

    /// What would be best for step i after the last change, as far as steps go like those after the change before; else
    /// 0.
    double remembered(std::size_t i) const
    {
        return i < n_remembered ? __builtin_fmin(lengths_[i], problem_.longest_step) : 0;
    }
    double wanted_step() const { return remembered(n_since_) > 0 ? remembered(n_since_) : h_; }

    /// The length of the next step. Of remembered steps, as many are made as it takes to land, all shortened alike, or
    /// stretched by so little that their errors stay below the tolerance. Where no more is remembered, two steps of
    /// equal length end better than one long and one tiny.
    double planned_step(double remaining) const
    {
        constexpr double stretch = 1.08; // to errors of 0.9^5 1.08^5 = 0.87 of the tolerance
        double sum = 0;
        for (std::size_t i = n_since_; remembered(i) > 0; ++i) {
            sum += remembered(i);
            if (sum * stretch >= remaining) {
                return remembered(n_since_) * (remaining / sum);
            }
        }
        const double wanted = wanted_step();
        return wanted < remaining && remaining < wanted + wanted ? remaining * 0.5 : wanted;
    }

    /// Remembers how long this step since the last change should have been. If that is something else than what was
    /// remembered of it, what is remembered of later ones says nothing any more. A step more than twice as long as that
    /// before is not believed: error estimates may be small by chance.
    void remember(double error, double h)
    {
        if (n_since_ == n_remembered) {
            return;
        }
        const double most = n_since_ > 0 ? 2 * lengths_[n_since_ - 1] : 5 * h;
        const double best = __builtin_fmin(lanes::better_start<One>(error, h), most), before = lengths_[n_since_];
        if (best < 0.5 * before || best > 2 * before) {
            forget();
        }
        lengths_[n_since_++] = best;
    }

    void forget()
    {
        for (std::size_t i = n_since_; i < n_remembered; ++i) {
            lengths_[i] = 0;
        }
    }

    /// Tries a step; its scaled error, or not a number.
    double try_step(double h)
    {
        const double inverse_h = 1 / h, shift = inverse_h * (1 / lanes::rodas5p::gamma);
        Sums<n_offered> offered, sigma;
        Sums<n_offered * n_given> m;
        give(border_y_, &Blocks::y);
        for (std::size_t p = 0; p < n_packs_; ++p) {
            Blocks& blocks = *packs_.at(p);
            Pack of_blocks[n_offered], moved[n_offered * n_given];
            Block::factor(blocks.y, blocks.c, Pack(shift), blocks.right, blocks.lu, blocks.e, blocks.v, moved);
            Block::offers(blocks.y, blocks.c, of_blocks);
            offered.add(of_blocks, n_in(p));
            m.add(moved, n_in(p));
            add_sigma(blocks, sigma, p);
        }
        offered.put(border_y_ + n_border);
        Border::factor(border_y_, border_c_, One(shift), m.all, border_lu_);
        finish(border_y_, border_right_, 0, sigma, 0); // the right-hand side is 0 before the first stage
        stage<2>(inverse_h);
        stage<3>(inverse_h);
        stage<4>(inverse_h);
        stage<5>(inverse_h);
        stage<6>(inverse_h);
        stage<7>(inverse_h);
        stage<8>(inverse_h);

        double worst = lanes::complete_step<n_border>(border_y_, border_u_[n_stages - 1], problem_.relative_tolerance,
                                                      problem_.border_tolerance, border_stage_y_)
                           .v;
        double poisoned = worst * 0;
        for (std::size_t p = 0; p < n_packs_; ++p) {
            Blocks& blocks = *packs_.at(p);
            const Pack error = lanes::complete_step<n>(blocks.y, blocks.u[n_stages - 1], problem_.relative_tolerance,
                                                       problem_.block_tolerance, blocks.stage_y);
            for (std::size_t lane = 0; lane < width; ++lane) {
                const double one = lane_in(error, lane);
                worst = one > worst ? one : worst;
                poisoned += one * 0;
            }
        }
        for (std::size_t k = 0; k < n_border; ++k) { // nothing of the right-hand side stays for the next step
            border_right_[k] = One(0);
        }
        return worst + poisoned;
    }

    template <std::size_t Stage>
    void stage(double inverse_h)
    {
        lanes::combine_stages<Stage>(border_y_, border_u_, border_right_, border_stage_y_);
        give(border_stage_y_, &Blocks::stage_y);
        const double scale = Stage == 2 ? inverse_h * lanes::rodas5p::c[0][0] : inverse_h;
        Sums<n_offered> offered, sigma;
        for (std::size_t p = 0; p < n_packs_; ++p) {
            Blocks& blocks = *packs_.at(p);
            Pack earlier[n], of_blocks[n_offered];
            lanes::combine_stages<Stage>(blocks.y, blocks.u, earlier, blocks.stage_y);
            Block::begin_stage(blocks.stage_y, blocks.c, Stage == 2 ? blocks.u[0] : earlier, Pack(scale), blocks.right,
                               of_blocks);
            offered.add(of_blocks, n_in(p));
            add_sigma(blocks, sigma, p);
        }
        offered.put(border_stage_y_ + n_border);
        finish(border_stage_y_, Stage == 2 ? border_u_[0] : border_right_, scale, sigma, Stage - 1);
    }

    /// Solves for the changes of a stage, the border's first.
    void finish(const One* border_at, const One* earlier, double scale, const auto& sigma, std::size_t stage)
    {
        One z[n_given];
        Border::stage(border_at, border_c_, border_lu_, earlier, One(scale), sigma.all, border_u_[stage], z);
        Pack given[n_given];
        for (std::size_t j = 0; j < n_given; ++j) {
            given[j] = Pack(z[j].v);
        }
        for (std::size_t p = 0; p < n_packs_; ++p) {
            Blocks& blocks = *packs_.at(p);
            Block::finish_stage(blocks.lu, blocks.e, given, blocks.right, blocks.u[stage]);
        }
    }

    /// Tells the blocks what the border gives at this state.
    void give(const One* border_at, Pack (Blocks::*where)[Block::n_moving])
    {
        One given[n_given];
        Border::offers(border_at, border_c_, given);
        for (std::size_t p = 0; p < n_packs_; ++p) {
            for (std::size_t j = 0; j < n_given; ++j) {
                (packs_.at(p)->*where)[n + j] = Pack(given[j].v);
            }
        }
    }

    /// Sums over blocks, in their order whatever the width.
    template <std::size_t count>
    struct Sums {
        One all[count] = {};
        void add(const Pack* terms, std::size_t n_lanes)
        {
            for (std::size_t i = 0; i < count; ++i) {
                for (std::size_t lane = 0; lane < n_lanes; ++lane) {
                    all[i] = all[i] + One(lane_in(terms[i], lane));
                }
            }
        }
        void put(One* to) const
        {
            for (std::size_t i = 0; i < count; ++i) {
                to[i] = all[i];
            }
        }
    };

    /// How much the blocks' own right-hand sides move what they offer.
    void add_sigma(const Blocks& blocks, auto& sigma, std::size_t p) const
    {
        Pack moved[n_offered];
        for (std::size_t k = 0; k < n_offered; ++k) {
            Pack even(0.0), odd(0.0); // two chains, because each waits for itself
            for (std::size_t i = 0; i + 1 < n; i += 2) {
                even = fma(blocks.v[k * n + i], blocks.right[i], even);
                odd = fma(blocks.v[k * n + i + 1], blocks.right[i + 1], odd);
            }
            if constexpr (n % 2 != 0) {
                even = fma(blocks.v[k * n + n - 1], blocks.right[n - 1], even);
            }
            moved[k] = even + odd;
        }
        sigma.add(moved, n_in(p));
    }

    /// Blocks in a pack: in the last one, lanes may repeat the last block.
    std::size_t n_in(std::size_t p) const { return p + 1 < n_packs_ ? width : n_blocks_ - p * width; }

    void accept()
    {
        for (std::size_t k = 0; k < n_border; ++k) {
            border_y_[k] = border_stage_y_[k];
        }
        for (std::size_t p = 0; p < n_packs_; ++p) {
            Blocks& blocks = *packs_.at(p);
            for (std::size_t k = 0; k < n; ++k) {
                blocks.y[k] = blocks.stage_y[k];
            }
        }
    }

    /// The state at a share theta of the step just made; before it is accepted.
    void write_row(double theta, double* row) const
    {
        One weights[n_stages];
        for (std::size_t j = 0; j < n_stages; ++j) {
            weights[j] = One(lanes::rodas5p::weight<Pack>(j, theta));
        }
        for (std::size_t k = 0; k < n_border; ++k) {
            One value = border_y_[k];
            for (std::size_t j = 0; j < n_stages; ++j) {
                value = fma(weights[j], border_u_[j][k], value);
            }
            row[k] = value.v;
        }
        for (std::size_t p = 0; p < n_packs_; ++p) {
            const Blocks& blocks = *packs_.at(p);
            for (std::size_t k = 0; k < n; ++k) {
                Pack value = blocks.y[k];
                for (std::size_t j = 0; j < n_stages; ++j) {
                    value = fma(Pack(weights[j].v), blocks.u[j][k], value);
                }
                for (std::size_t lane = 0; lane < n_in(p); ++lane) {
                    row[n_border + (p * width + lane) * n + k] = lane_in(value, lane);
                }
            }
        }
    }

    /// The rates at a state, and how fast they move it, scaled by the tolerance.
    double speed(One* border_at, Pack (Blocks::*where)[Block::n_moving], One* border_rates, bool keep)
    {
        give(border_at, where);
        Sums<n_offered> offered;
        double fastest = 0;
        for (std::size_t p = 0; p < n_packs_; ++p) {
            Blocks& blocks = *packs_.at(p);
            Pack of_blocks[n_offered], rates[n];
            Block::offers((blocks.*where), blocks.c, of_blocks);
            Block::rates((blocks.*where), blocks.c, rates);
            offered.add(of_blocks, n_in(p));
            for (std::size_t k = 0; k < n; ++k) {
                const Pack difference = keep ? rates[k] : rates[k] - blocks.right[k];
                for (std::size_t lane = 0; lane < n_in(p); ++lane) {
                    fastest = __builtin_fmax(fastest, scaled(lane_in(difference, lane), lane_in(blocks.y[k], lane),
                                                             problem_.block_tolerance[k]));
                }
                blocks.right[k] = keep ? rates[k] : blocks.right[k];
            }
        }
        offered.put(border_at + n_border);
        One rates[n_border];
        Border::rates(border_at, border_c_, rates);
        for (std::size_t k = 0; k < n_border; ++k) {
            const double difference = rates[k].v - (keep ? 0 : border_rates[k].v);
            fastest = __builtin_fmax(fastest, scaled(difference, border_y_[k].v, problem_.border_tolerance[k]));
            border_rates[k] = keep ? rates[k] : border_rates[k];
        }
        return fastest;
    }

    double scaled(double value, double at, double absolute) const
    {
        return __builtin_fabs(value) / (absolute + problem_.relative_tolerance * __builtin_fabs(at));
    }

    /// A first step after Hairer, Nørsett & Wanner I, II.4: from the sizes of f and of its change over a small Euler
    /// step.
    double first_step(double span)
    {
        double size = 0;
        for (std::size_t k = 0; k < n_border; ++k) {
            size = __builtin_fmax(size, scaled(border_y_[k].v, border_y_[k].v, problem_.border_tolerance[k]));
        }
        for (std::size_t block = 0; block < n_blocks_; ++block) {
            for (std::size_t k = 0; k < n; ++k) {
                const double value = lane_in(pack_of(block).y[k], block % width);
                size = __builtin_fmax(size, scaled(value, value, problem_.block_tolerance[k]));
            }
        }
        One border_rates[n_border];
        const double first = speed(border_y_, &Blocks::y, border_rates, true);
        const double h = size < 1e-5 || !(first > 1e-5) ? 1e-6 * span : __builtin_fmin(0.01 * size / first, span);
        for (std::size_t k = 0; k < n_border; ++k) {
            border_stage_y_[k] = border_y_[k] + One(h) * border_rates[k];
        }
        for (std::size_t p = 0; p < n_packs_; ++p) {
            Blocks& blocks = *packs_.at(p);
            for (std::size_t k = 0; k < n; ++k) {
                blocks.stage_y[k] = blocks.y[k] + Pack(h) * blocks.right[k];
            }
        }
        const double bend = speed(border_stage_y_, &Blocks::stage_y, border_rates, false) / h;
        const double fastest = __builtin_fmax(first, bend);
        const double by_order = fastest > 1e-15 ? power(One(0.01 / fastest), One(0.2)).v : 1e-3 * span;
        const double chosen = __builtin_fmin(__builtin_fmin(100 * h, by_order), span);
        return chosen > 0 ? chosen : 1e-6 * span;
    }

    BlockProblem problem_;
    std::size_t n_blocks_, n_packs_;
    double t_ = 0, h_ = 0;
    bool starts_ = true; ///< something has changed since the last step
    static constexpr std::size_t n_remembered = 32;
    double lengths_[n_remembered] = {}; ///< what would have been best for each step since a change; 0 if not known
    std::size_t n_since_ = 0;           ///< steps since the last change
    lanes::StepController<One> controller_;
    lanes::Room<Blocks> packs_;
    One border_y_[Border::n_moving] = {}, border_stage_y_[Border::n_moving] = {};
    One border_right_[n_border] = {}, border_u_[n_stages][n_border] = {};
    One border_lu_[Border::n_factors] = {}, border_c_[Border::n_coefficients] = {};
};

template <class Pack, class Block, class Border>
constexpr BlockEngine make_block_engine(const char* instruction_set)
{
    using Solver = BlockSolver<Pack, Block, Border>;
    return {
        .instruction_set = instruction_set,
        .width = Pack::width,
        .n_block_states = Block::n_states,
        .n_block_settings = Block::n_settings,
        .n_border_states = Border::n_states,
        .n_border_settings = Border::n_settings,
        .make = [](const BlockProblem& problem, std::size_t n_blocks) -> void* {
            return new (std::align_val_t(alignof(Solver))) Solver(problem, n_blocks);
        },
        .destroy =
            [](void* self) {
                Solver::of(self).~Solver();
                operator delete(self, std::align_val_t(alignof(Solver)));
            },
        .set_state = [](void* self, double time, const double* border,
                        const double* blocks) { Solver::of(self).set_state(time, border, blocks); },
        .get_state = [](void* self, double* border, double* blocks) { Solver::of(self).get_state(border, blocks); },
        .set_block = [](void* self, std::size_t block,
                        const double* settings) { Solver::of(self).set_block(block, settings); },
        .set_border = [](void* self, const double* settings) { Solver::of(self).set_border(settings); },
        .add_to_border = [](void* self, std::size_t state,
                            double amount) { Solver::of(self).add_to_border(state, amount); },
        .advance = [](void* self, double until,
                      const BlockRows& rows) { return Solver::of(self).advance(until, rows); },
    };
}

} // namespace osteoflare::solvers::blocks
