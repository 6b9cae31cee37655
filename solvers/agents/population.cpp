#include "solvers/agents/population.hpp"

#include "solvers/agents/push_engines.hpp"
#include "solvers/agents/turning.hpp"

#include <algorithm>
#include <cmath>
#include <omp.h>
#include <stdexcept>
#include <utility>

namespace osteoflare::solvers::agents {
namespace {

constexpr std::size_t padding = 8;     // numbers that packs read past the end of a column
constexpr double untouchable = -1e300; // the radius of agents that nobody can overlap with

} // namespace

Population::Population(const fields::Grid& grid, std::vector<Kind> kinds, std::uint64_t seed)
    : grid_(grid), kinds_(std::move(kinds)), seed_(seed), begin_(grid.n_voxels() + 1), turning_(kinds_.size())
{
    double largest = 0;
    for (const Kind& kind : kinds_) {
        if (!(kind.radius >= 0) || !(kind.speed >= 0) || !(kind.persistence > 0)) {
            throw std::invalid_argument("Population: " + kind.name + " has a negative constant");
        }
        largest = std::max(largest, kind.repels ? kind.radius : 0);
    }
    reach_ = std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil(2 * largest / grid.spacing)));
    constexpr std::size_t most_reach = 8;
    if (reach_ > most_reach) {
        throw std::invalid_argument("Population: agents that reach over more than 8 voxels; use larger voxels");
    }
    resize_scratch();
}

std::size_t Population::voxel_of(double x, double y, double z) const
{
    const auto cell = [&](double position, std::size_t n) {
        const auto at = static_cast<std::ptrdiff_t>(position / grid_.spacing);
        return static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(at, 0, static_cast<std::ptrdiff_t>(n) - 1));
    };
    return grid_.voxel(cell(x, grid_.nx), cell(y, grid_.ny), cell(z, grid_.nz));
}

void Population::resize_scratch()
{
    const std::size_t n = size();
    bias_.assign(n, {});
    removed_.assign(n, 0);
    push_x_.resize(n);
    push_y_.resize(n);
    push_z_.resize(n);
    voxel_.resize(n);
    for (auto* column : {&agents_.x, &agents_.y, &agents_.z, &radius_}) {
        column->resize(n);
        column->reserve(n + padding);
    }
    for (std::size_t i = 0; i < n; ++i) {
        const Kind& kind = kinds_[agents_.kind[i]];
        radius_[i] = kind.repels ? kind.radius : untouchable;
    }
}

void Population::push(std::size_t n_threads)
{
    const PushEngine& engine = best_push_engine();
    // Packs read past the end, where there is room and nothing counts.
    for (auto* column : {&agents_.x, &agents_.y, &agents_.z, &radius_}) {
        column->resize(size() + padding);
    }
    const PushProblem problem = {.nx = grid_.nx,
                                 .ny = grid_.ny,
                                 .nz = grid_.nz,
                                 .reach = reach_,
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
        engine.push_row(problem, row % grid_.ny, row / grid_.ny);
    }
    for (auto* column : {&agents_.x, &agents_.y, &agents_.z, &radius_}) {
        column->resize(size());
    }
}

void Population::walk(std::size_t i, std::uint32_t step_number, double step, std::span<const double> floor)
{
    Columns& a = agents_;
    const Kind& kind = kinds_[a.kind[i]];
    if (kind.mobility == Mobility::fixed) {
        return;
    }
    Vector heading{a.heading_x[i], a.heading_y[i], a.heading_z[i]};
    const Draw draw(seed_, a.id[i], step_number);
    if (draw.number(0) < turning_[a.kind[i]]) {
        heading = kind.mobility == Mobility::free ? new_heading(draw, bias_[i]) : new_level_heading(draw);
        a.heading_x[i] = heading.x;
        a.heading_y[i] = heading.y;
        a.heading_z[i] = heading.z;
    }
    const double length = kind.speed * step;
    const double width = static_cast<double>(grid_.nx) * grid_.spacing,
                 depth = static_cast<double>(grid_.ny) * grid_.spacing,
                 height = static_cast<double>(grid_.nz) * grid_.spacing;
    const auto wrapped = [](double position, double period) {
        const double moved = position - period * std::floor(position / period);
        return moved < period ? moved : 0; // rounding
    };
    const double x = wrapped(a.x[i] + heading.x * length + push_x_[i], width),
                 y = wrapped(a.y[i] + heading.y * length + push_y_[i], depth);
    const std::size_t column = voxel_of(x, y, 0);
    double z = floor[column];
    if (kind.mobility == Mobility::free) {
        // Who meets floor or ceiling comes back from it.
        z = a.z[i] + heading.z * length + push_z_[i];
        z = z > height ? 2 * height - z : z;
        z = z < floor[column] ? 2 * floor[column] - z : z;
        z = std::clamp(z, floor[column], height);
    }
    a.x[i] = x;
    a.y[i] = y;
    a.z[i] = z;
}

void Population::move(std::uint32_t step_number, double step, double settling, std::span<const double> floor,
                      std::size_t n_threads)
{
    push(n_threads);
    for (std::size_t k = 0; k < kinds_.size(); ++k) {
        turning_[k] = probability(step / kinds_[k].persistence);
    }
    const double settled = probability(step / settling) / 2; // each of two does half
    const std::size_t n = size();
#pragma omp parallel for schedule(static) num_threads(static_cast <int>(n_threads))
    for (std::size_t i = 0; i < n; ++i) {
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
}

void Population::put(std::size_t index, const Vector& position)
{
    agents_.x[index] = position.x;
    agents_.y[index] = position.y;
    agents_.z[index] = position.z;
}

void Population::regroup(std::size_t n_threads)
{
    const std::size_t n_before = size(), n_voxels = grid_.n_voxels();
    const auto threads = static_cast<int>(n_threads);
    voxel_.resize(n_before);
#pragma omp parallel for schedule(static) num_threads(threads)
    for (std::size_t i = 0; i < n_before; ++i) {
        voxel_[i] = static_cast<std::uint32_t>(voxel_of(agents_.x[i], agents_.y[i], agents_.z[i]));
    }
    std::ranges::fill(begin_, 0);
    std::size_t n = 0;
    for (std::size_t i = 0; i < n_before; ++i) {
        if (removed_[i] == 0) {
            ++begin_[voxel_[i] + 1];
            ++n;
        }
    }
    for (std::size_t v = 0; v < n_voxels; ++v) {
        begin_[v + 1] += begin_[v];
    }
    order_.resize(n);
    // begin_ serves as the place of a voxel's next agent, which leaves it shifted by one voxel.
    for (std::size_t i = 0; i < n_before; ++i) {
        if (removed_[i] == 0) {
            order_[begin_[voxel_[i]]++] = static_cast<std::uint32_t>(i);
        }
    }
    for (std::size_t v = n_voxels; v > 0; --v) {
        begin_[v] = begin_[v - 1];
    }
    begin_[0] = 0;
    const auto sort = [&](const auto& from, auto& to) {
        to.resize(n);
#pragma omp for schedule(static) nowait
        for (std::size_t i = 0; i < n; ++i) {
            to[i] = from[order_[i]];
        }
    };
    Columns::visit(sorted_, [&](auto& column) { column.resize(n); });
#pragma omp parallel num_threads(threads)
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
    }
    std::swap(agents_, sorted_);
    resize_scratch();
}

void Population::restore(Columns agents, std::uint64_t next_id)
{
    agents_ = std::move(agents);
    next_id_ = next_id;
    removed_.assign(size(), 0);
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
    return size() == 0 ? 0 : bytes / size();
}

} // namespace osteoflare::solvers::agents
