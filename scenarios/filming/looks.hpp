#pragma once

#include "output/film/scene.hpp"

#include <iterator>
#include <string_view>

/// How the parts of the tissue look in a film.
namespace osteoflare::scenarios::filming {

using output::film::Colour;
using output::film::colour_of;

inline constexpr double section_reach = 20; ///< [µm] cells so near to the section are shown in it
inline constexpr double shallowest = 2;     ///< [µm] pits and woven bone are shown from here on
inline constexpr double stroma_dot = 5;     ///< [µm] smaller than life, for they are many and never move

/// How a kind of cells looks: the colours of Okabe and Ito, which can be told apart with any colour vision.
struct Look {
    std::string_view kind;  ///< as the file names it
    std::string_view label; ///< in the legend
    unsigned fill;
    double opacity;
    unsigned outline;
    double line;     ///< [px]
    double flatness; ///< height in the section, as a share of the width, of cells that lie on bone; 0 for others
    int layer;       ///< higher ones are drawn later
};
inline constexpr Look looks[] = {
    {"neutrophil", "neutrophils", 0x0072b2, 0.65, 0xffffff, 0, 0, 1},
    {"macrophage", "macrophages", 0x009e73, 0.8, 0x00513b, 0.7, 0, 2},
    {"osteoclast_precursor", "osteoclast precursors", 0xcc79a7, 1, 0x5e2546, 0.9, 0, 3},
    {"osteoclast", "osteoclasts", 0xd55e00, 0.75, 0x5c2300, 1.7, 0.42, 5},
    {"osteoblast", "osteoblasts", 0x56b4e9, 1, 0x0b4468, 0.9, 0.6, 4},
    {"stroma", "stroma (drawn small)", 0x777777, 0.45, 0xffffff, 0, 0, 0},
};
inline constexpr Look unknown_look = {"", "", 0x000000, 0.7, 0xffffff, 0, 0, 1};

inline constexpr Colour blood = colour_of(0x9c1c2b), bone = colour_of(0xd7dbe0), woven = colour_of(0xa9b4c2),
                        woven_line = colour_of(0x4d5c70), bone_line = colour_of(0x333a44), lost = colour_of(0x6b3f1d),
                        cut = colour_of(0x222222, 0.8), nothing = colour_of(0xffffff, 0);

/// Of the film's category with this number: those of `looks` come first.
inline const Look& look_of(std::size_t category)
{
    return category < std::size(looks) ? looks[category] : unknown_look;
}

} // namespace osteoflare::scenarios::filming
