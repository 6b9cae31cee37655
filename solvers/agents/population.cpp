#include "solvers/agents/population.hpp"

#include "solvers/agents/push_engines.hpp"
#include "solvers/agents/turning.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <omp.h>
#include <stdexcept>
#include <utility>

namespace osteoflare::solvers::agents {
namespace {

constexpr std::size_t padding = 8; // numbers that packs read past the end of a column

double wrapped(double position, double period)
{
    const double once = position < 0 ? position + period : position >= period ? position - period : position;
    if (once >= 0 && once < period) {
        return once;
    }
    const double moved = position - period * std::floor(position / period);
    return moved >= 0 && moved < period ? moved : 0; // rounding
}

} // namespace

Population::Population(const fields::Grid& grid, std::vector<Kind> kinds, std::uint64_t seed)
    : grid_(grid), seed_(seed), engine_(&best_push_engine()), begin_(grid.n_voxels() + 1), turning_(kinds.size())
{
    set_kinds(std::move(kinds));
}

void Population::set_kinds(std::vector<Kind> kinds)
{
    if (kinds.size() != turning_.size()) {
        throw std::invalid_argument("Population: another number of kinds");
    }
    kinds_ = std::move(kinds);
    double largest = 0;
    for (const Kind& kind : kinds_) {
        if (!(kind.radius >= 0) || !(kind.speed >= 0) || !(kind.persistence > 0)) {
            throw std::invalid_argument("Population: " + kind.name + " has a negative constant");
        }
        largest = std::max(largest, kind.repels ? kind.radius : 0);
    }
    constexpr double most_reach = 8;
    const double reach = std::ceil(2 * largest / grid_.spacing);
    if (!(reach <= most_reach)) {
        throw std::invalid_argument("Population: agents that reach over more than 8 voxels; use larger voxels");
    }
    reach_ = std::max<std::size_t>(1, static_cast<std::size_t>(reach));
}

std::size_t Population::voxel_of(double x, double y, double z) const
{
    const auto cell = [&](double position, std::size_t n) {
        const auto at = static_cast<std::ptrdiff_t>(position / grid_.spacing);
        return static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(at, 0, static_cast<std::ptrdiff_t>(n) - 1));
    };
    return grid_.voxel(cell(x, grid_.nx), cell(y, grid_.ny), cell(z, grid_.nz));
}

void Population::push(std::size_t n_threads)
{
    // Packs read past the end, where there is room and nothing counts.
    for (auto* column : {&agents_.x, &agents_.y, &agents_.z, &radius_}) {
        column->resize(size() + padding);
    }
    const std::size_t window = 2 * reach_ + 1,
                      room = std::min(size(), most_together_ * window * window * window) + 2 * padding;
    if (scratch_.size() < n_threads) {
        scratch_.resize(n_threads);
    }
    for (auto& scratch : scratch_) {
        scratch.resize(std::max(scratch.size(), 4 * room));
    }
    const PushProblem problem = {.nx = grid_.nx,
                                 .ny = grid_.ny,
                                 .nz = grid_.nz,
                                 .reach = reach_,
                                 .room = room,
                                 .width = static_cast<double>(grid_.nx) * grid_.spacing,
                                 .depth = static_cast<double>(grid_.ny) * grid_.spacing,
                                 .begin = begin_.data(),
                                 .x = agents_.x.data(),
                                 .y = agents_.y.data(),
                                 .z = agents_.z.data(),
                                 .radius = radius_.data(),
                                 .push_x = push_x_.data(),
                                 .push_y = push_y_.data(),
                                 .push_z = push_z_.data()};
    const std::size_t n_rows = grid_.ny * grid_.nz;
#pragma omp parallel for schedule(dynamic, 4) num_threads(static_cast <int>(n_threads))
    for (std::size_t row = 0; row < n_rows; ++row) {
        engine_->push_row(problem, row % grid_.ny, row / grid_.ny,
                          scratch_[static_cast<std::size_t>(omp_get_thread_num())].data());
    }
    for (auto* column : {&agents_.x, &agents_.y, &agents_.z, &radius_}) {
        column->resize(size());
    }
}

void Population::walk(std::size_t i, std::uint32_t step_number, double step, std::span<const double> floor)
{
    Columns& a = agents_;
    const Kind& kind = kinds_[a.kind[i]];
    Vector heading{a.heading_x[i], a.heading_y[i], a.heading_z[i]};
    const Draw draw(seed_, a.id[i], step_number);
    if (draw.number(0) < turning_[a.kind[i]]) {
        heading = kind.mobility == Mobility::free ? new_heading(draw, bias_[i]) : new_level_heading(draw);
    }
    const double length = kind.speed * step, // (A17)
        height = static_cast<double>(grid_.nz) * grid_.spacing;
    double x = wrapped(a.x[i] + heading.x * length + push_x_[i], static_cast<double>(grid_.nx) * grid_.spacing),
           y = wrapped(a.y[i] + heading.y * length + push_y_[i], static_cast<double>(grid_.ny) * grid_.spacing);
    const double floor_there = floor[voxel_of(x, y, 0)];
    double z = floor_there;
    if (kind.mobility == Mobility::free) {
        // On the way from one column to the next, the higher floor counts, there and back.
        const double floor_here = floor[voxel_[i] % static_cast<std::uint32_t>(floor.size())],
                     higher = std::max(floor_here, floor_there);
        if (a.z[i] >= higher) {
            z = a.z[i] + heading.z * length + push_z_[i];
            if (z > height) {
                z = 2 * height - z;
                heading.z = -std::abs(heading.z);
            }
            if (z < higher) {
                z = 2 * higher - z;
                heading.z = std::abs(heading.z);
            }
            z = std::min(std::max(z, higher), height);
        } else {
            x = a.x[i];
            y = a.y[i];
            z = std::max(a.z[i], floor_here);
            heading = {-heading.x, -heading.y, -heading.z};
        }
    }
    a.heading_x[i] = heading.x;
    a.heading_y[i] = heading.y;
    a.heading_z[i] = heading.z;
    put(i, {x, y, z});
}

void Population::move(std::uint32_t step_number, double step, double settling, std::span<const double> floor,
                      std::size_t n_threads)
{
    push(n_threads);
    for (std::size_t k = 0; k < kinds_.size(); ++k) {
        turning_[k] = probability(step / kinds_[k].persistence); // (A16)
    }
    const double settled = probability(step / settling) / 2; // each of two does half (A20)
    const std::size_t n = size();
#pragma omp parallel for schedule(static) num_threads(static_cast <int>(n_threads))
    for (std::size_t i = 0; i < n; ++i) {
        if (kinds_[agents_.kind[i]].mobility == Mobility::fixed) {
            continue;
        }
        // However crowded: nobody is pushed further than its own radius in one step.
        const double length = std::sqrt(push_x_[i] * push_x_[i] + push_y_[i] * push_y_[i] + push_z_[i] * push_z_[i]),
                     most = kinds_[agents_.kind[i]].radius;
        const double share = settled * length > most ? most / length : settled;
        push_x_[i] *= share;
        push_y_[i] *= share;
        push_z_[i] *= share;
        walk(i, step_number, step, floor);
    }
}

void Population::add(std::uint8_t kind, const Vector& position, const std::array<double, Columns::n_carried>& carried)
{
    // It waits behind the others until regroup() finds it.
    const std::uint64_t id = next_id_++;
    const Vector heading = new_heading(Draw(seed_, id, Draw::at_birth), {});
    const bool level = kinds_[kind].mobility == Mobility::surface;
    const Vector flat = level ? new_level_heading(Draw(seed_, id, Draw::at_birth)) : heading;
    agents_.id.push_back(id);
    agents_.kind.push_back(kind);
    agents_.x.push_back(position.x);
    agents_.y.push_back(position.y);
    agents_.z.push_back(position.z);
    agents_.heading_x.push_back(flat.x);
    agents_.heading_y.push_back(flat.y);
    agents_.heading_z.push_back(flat.z);
    for (std::size_t c = 0; c < Columns::n_carried; ++c) {
        agents_.carried[c].push_back(carried[c]);
    }
    removed_.push_back(0);
    voxel_.push_back(static_cast<std::uint32_t>(voxel_of(position.x, position.y, position.z)));
}

void Population::put(std::size_t index, const Vector& position)
{
    agents_.x[index] = position.x;
    agents_.y[index] = position.y;
    agents_.z[index] = position.z;
    voxel_[index] = static_cast<std::uint32_t>(voxel_of(position.x, position.y, position.z));
}

void Population::find_places()
{
    const std::size_t n_before = size();
    std::ranges::fill(begin_, 0);
    for (std::size_t i = 0; i < n_before; ++i) {
        begin_[voxel_[i] + 1] += removed_[i] == 0 ? 1U : 0U;
    }
    std::uint32_t most = 0;
    for (std::size_t v = 0; v + 1 < begin_.size(); ++v) {
        most = std::max(most, begin_[v + 1]);
        begin_[v + 1] += begin_[v];
    }
    most_together_ = most;
    order_.resize(begin_.back());
    // begin_ serves as the place of a voxel's next agent, which leaves it shifted by one voxel.
    for (std::size_t i = 0; i < n_before; ++i) {
        if (removed_[i] == 0) {
            order_[begin_[voxel_[i]]++] = static_cast<std::uint32_t>(i);
        }
    }
    std::shift_right(begin_.begin(), begin_.end(), 1);
    begin_[0] = 0;
}

void Population::regroup(std::size_t n_threads)
{
    find_places();
    const std::size_t n = order_.size();
    const auto resize = [n](auto& column) { column.resize(n); };
    Columns::visit(sorted_, resize);
    for (auto* column : {&sorted_.x, &sorted_.y, &sorted_.z, &radius_}) {
        column->reserve(n + padding);
    }
    for (auto* column : {&radius_, &push_x_, &push_y_, &push_z_}) {
        resize(*column);
    }
    resize(bias_);
    removed_.assign(n, 0);
    const auto sort = [&](const auto& from, auto& to) {
#pragma omp for schedule(static) nowait
        for (std::size_t i = 0; i < n; ++i) {
            to[i] = from[order_[i]];
        }
    };
#pragma omp parallel num_threads(static_cast <int>(n_threads))
    {
        sort(agents_.id, sorted_.id);
        sort(agents_.kind, sorted_.kind);
        sort(agents_.x, sorted_.x);
        sort(agents_.y, sorted_.y);
        sort(agents_.z, sorted_.z);
        sort(agents_.heading_x, sorted_.heading_x);
        sort(agents_.heading_y, sorted_.heading_y);
        sort(agents_.heading_z, sorted_.heading_z);
        for (std::size_t c = 0; c < Columns::n_carried; ++c) {
            sort(agents_.carried[c], sorted_.carried[c]);
        }
        // Written by whom the same agents fell to above.
#pragma omp for schedule(static)
        for (std::size_t i = 0; i < n; ++i) {
            const Kind& kind = kinds_[sorted_.kind[i]];
            radius_[i] = kind.repels ? kind.radius : std::numeric_limits<double>::quiet_NaN();
            bias_[i] = {};
        }
        // Voxels of the agents as they stand now.
#pragma omp for schedule(static)
        for (std::size_t v = 0; v < grid_.n_voxels(); ++v) {
            std::fill(order_.begin() + begin_[v], order_.begin() + begin_[v + 1], static_cast<std::uint32_t>(v));
        }
    }
    std::swap(agents_, sorted_);
    std::swap(voxel_, order_);
}

void Population::restore(Columns agents, std::uint64_t next_id)
{
    agents_ = std::move(agents);
    next_id_ = next_id;
    removed_.assign(size(), 0);
    voxel_.resize(size());
    for (std::size_t i = 0; i < size(); ++i) {
        put(i, {agents_.x[i], agents_.y[i], agents_.z[i]});
    }
    regroup(1);
}

std::size_t Population::bytes_per_agent() const
{
    std::size_t bytes = 0;
    const auto add = [&](const auto& column) { bytes += column.capacity() * sizeof(column[0]); };
    Columns::visit(agents_, add);
    Columns::visit(sorted_, add);
    for (const auto* column : {&radius_, &push_x_, &push_y_, &push_z_}) {
        add(*column);
    }
    add(voxel_);
    add(order_);
    add(bias_);
    add(removed_);
    add(begin_);
    for (const auto& scratch : scratch_) {
        add(scratch);
    }
    return size() == 0 ? 0 : bytes / size();
}

} // namespace osteoflare::solvers::agents
