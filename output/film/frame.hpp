#pragma once

#include "output/film/scene.hpp"

#include <string>
#include <vector>

namespace osteoflare::output::film {

/// One frame of the film as a PNG file's bytes: the views with colour bar, legend and courses, about 1280 pixels wide
/// times `zoom`. Equal calls give equal bytes on one machine, and the frames of a film have one size.
std::string frame_png(const Film& film, const Moment& moment, double zoom);

/// Several moments side by side, of which there are at least one, with one legend for all.
std::string still_png(const Film& film, const std::vector<Moment>& moments, double zoom);

} // namespace osteoflare::output::film
