#pragma once

#include "output/figures/axis.hpp"
#include "output/figures/figure.hpp"
#include "output/figures/picture.hpp"

#include <string>
#include <vector>

namespace osteoflare::output {

inline constexpr const char *ink = "#222222", *grey = "#666666";

/// Where the curves of a panel go [px].
struct Box {
    double left = 0, right = 0, top = 0, bottom = 0;
};

/// A mark's part inside the axes, and the row of its words above them: 0 is the lowest.
struct PlacedMark {
    double left = 0, right = 0; ///< [px]
    std::string text = {};      ///< empty if an earlier mark says the same
    double text_left = 0;       ///< [px]
    int row = 0;
};

/// The marks that touch the axis, from left to right, with words that do not overlap. Words that stand at several marks
/// are shown once, with their number.
std::vector<PlacedMark> placed_marks(const std::vector<Mark>& marks, const Axis& axis, double left, double right);

/// A panel with all that its place depends on. It refers to the panel, which must outlive it.
class PreparedPanel {
public:
    /// Throws std::invalid_argument if the columns of something in it differ in length.
    explicit PreparedPanel(const Panel& panel);

    /// Room that the words around the axes need [px].
    double left_margin() const;
    double top_margin(double plot_width) const;
    double bottom_margin() const;
    double plot_height() const;

    void draw(Picture& picture, const Box& box) const;

private:
    std::vector<std::string> title(double plot_width) const;
    double axis_margin() const;
    void draw_axes(Picture& picture, const Box& box) const;
    void draw_words(Picture& picture, const Box& box) const;
    void draw_below(Picture& picture, const Box& box) const;
    void draw_marks(Picture& picture, const Box& box) const;

    const Panel& panel_;
    bool empty_ = true;
    Axis x_, y_;
    std::vector<std::string> y_label_;
};

} // namespace osteoflare::output
