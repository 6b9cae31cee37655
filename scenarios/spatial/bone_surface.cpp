#include "scenarios/spatial/bone_surface.hpp"

#include <algorithm>
#include <cmath>

namespace osteoflare::scenarios::spatial {
namespace {

/// Index of a column that may lie beyond the periodic edge.
std::size_t wrapped(std::ptrdiff_t i, std::size_t n)
{
    const auto period = static_cast<std::ptrdiff_t>(n);
    return static_cast<std::size_t>(((i % period) + period) % period);
}

} // namespace

BoneSurface::BoneSurface(std::size_t nx, std::size_t ny, double spacing, double height, double ceiling)
    : nx_(nx), ny_(ny), spacing_(spacing), first_height_(height), ceiling_(ceiling)
{
    visit(*this, [&](std::vector<double>& numbers) { numbers.assign(nx * ny, 0); });
    clear_work();
}

void BoneSurface::start(double bone, double woven, double precursors)
{
    std::ranges::fill(bone_, bone * first_height_);
    std::ranges::fill(woven_, woven * first_height_);
    std::ranges::fill(total_, (bone + woven) * first_height_);
    std::ranges::fill(precursors_, precursors);
}

void BoneSurface::clear_work()
{
    eating_.assign(n_columns(), 0);
    laying_.assign(n_columns(), 0);
}

void BoneSurface::eat(double x, double y, double diameter, double volume_rate)
{
    // A column counts by the share of it that the disc covers, found on so many points.
    constexpr int points = 4;
    const double radius = diameter / 2;
    const auto first = [&](double at) { return static_cast<std::ptrdiff_t>(std::floor((at - radius) / spacing_)); };
    const auto last = [&](double at) { return static_cast<std::ptrdiff_t>(std::floor((at + radius) / spacing_)); };
    const auto covered = [&](std::ptrdiff_t i, std::ptrdiff_t j) {
        int inside = 0;
        for (int a = 0; a < points; ++a) {
            for (int b = 0; b < points; ++b) {
                const double dx = (static_cast<double>(i) + (a + 0.5) / points) * spacing_ - x,
                             dy = (static_cast<double>(j) + (b + 0.5) / points) * spacing_ - y;
                inside += dx * dx + dy * dy <= radius * radius ? 1 : 0;
            }
        }
        return static_cast<double>(inside) / (points * points);
    };
    double sum = 0;
    for (std::ptrdiff_t j = first(y); j <= last(y); ++j) {
        for (std::ptrdiff_t i = first(x); i <= last(x); ++i) {
            sum += covered(i, j);
        }
    }
    if (sum == 0) {
        return;
    }
    for (std::ptrdiff_t j = first(y); j <= last(y); ++j) {
        for (std::ptrdiff_t i = first(x); i <= last(x); ++i) {
            eating_[wrapped(j, ny_) * nx_ + wrapped(i, nx_)] +=
                volume_rate * covered(i, j) / (sum * column_area() * first_height_);
        }
    }
}

void BoneSurface::lay(double x, double y, double volume_rate)
{
    const auto column = [&](double at) { return static_cast<std::ptrdiff_t>(std::floor(at / spacing_)); };
    std::size_t lowest = wrapped(column(y), ny_) * nx_ + wrapped(column(x), nx_);
    for (std::ptrdiff_t dj = -1; dj <= 1; ++dj) {
        for (std::ptrdiff_t di = -1; di <= 1; ++di) {
            const std::size_t candidate = wrapped(column(y) + dj, ny_) * nx_ + wrapped(column(x) + di, nx_);
            lowest = bone_[candidate] < bone_[lowest] ? candidate : lowest;
        }
    }
    laying_[lowest] += volume_rate / column_area();
}

void BoneSurface::advance(std::size_t column, double step, double woven_rate, double precursor_rate)
{
    // The midpoint of eating, so that long steps eat as much as short ones.
    const double x = eating_[column] * step, before = bone_[column];
    const double eaten = before * x / (1 + x / 2); // (A22)
    const double room = std::max(0.0, ceiling_ - (before - eaten) - woven_[column]);
    const double laid = std::min(laying_[column] * step, room);
    bone_[column] = before - eaten + laid;
    resorbed_[column] += eaten;
    formed_[column] += laid;
    woven_[column] = // (A26)
        std::clamp(woven_[column] + woven_rate * first_height_ * step, 0.0, std::max(0.0, ceiling_ - bone_[column]));
    precursors_[column] += precursor_rate * step;
    total_[column] = bone_[column] + woven_[column];
}

std::uint32_t BoneSurface::lowest_open(std::size_t column, std::uint32_t present, std::uint32_t n_layers) const
{
    constexpr double hysteresis = 1; // [um]: a voxel does not open and close with every grain (A28)
    std::uint32_t lowest = present;
    while (lowest + 1 < n_layers && total_[column] > (lowest + 0.5) * spacing_ + hysteresis) {
        ++lowest;
    }
    while (lowest > 0 && total_[column] < (lowest - 0.5) * spacing_ - hysteresis) {
        --lowest;
    }
    return lowest;
}

} // namespace osteoflare::scenarios::spatial
