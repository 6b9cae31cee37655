#include "scenarios/cli/progress.hpp"

#include "scenarios/cli/note.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace osteoflare::cli {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin)
{
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

std::string duration(double seconds)
{
    if (seconds < 100) {
        return fmt::format("{:.0f} s", seconds);
    }
    return seconds < 6000 ? fmt::format("{:.0f} min", seconds / 60) : fmt::format("{:.1f} h", seconds / 3600);
}

struct State {
    std::size_t n_members = 0;
    bool terminal = false;
    Clock::time_point begin = Clock::now();
    double last_shown = -1; ///< seconds since begin
    std::size_t last_tenth = 0;
    std::optional<std::size_t> before = std::nullopt; ///< members that an earlier run has done

    void show(std::size_t done, std::size_t failed)
    {
        if (!before) {
            before = done;
            last_tenth = 10 * done / n_members;
            return;
        }
        const double elapsed = seconds_since(begin);
        const double rate = elapsed > 0 ? static_cast<double>(done - *before) / elapsed : 0;
        const std::string left = duration(rate > 0 ? static_cast<double>(n_members - done) / rate : 0);
        if (terminal) {
            if (done < n_members && elapsed - last_shown < 0.1) {
                return;
            }
            last_shown = elapsed;
            constexpr std::size_t width = 30;
            const std::size_t filled = width * done / n_members;
            note("\r[{:#<{}}{:.<{}}] {}/{}  {:.0f}/s  {} left  {} failed ", "", filled, "", width - filled, done,
                 n_members, rate, left, failed);
            if (done == n_members) {
                note("\n");
            }
            return;
        }
        const std::size_t tenth = 10 * done / n_members;
        if (tenth > last_tenth) {
            last_tenth = tenth;
            note("{} of {} members, {:.0f}/s, {} left, {} failed\n", done, n_members, rate, left, failed);
        }
    }
};

} // namespace

scenarios::Progress progress_bar(std::size_t n_members)
{
    if (n_members < 10) {
        return nullptr;
    }
    auto state = std::make_shared<State>();
    state->n_members = n_members;
    state->terminal = isatty(STDERR_FILENO) == 1;
    return [state](std::size_t done, std::size_t failed) { state->show(done, failed); };
}

std::function<void(const scenarios::TissueMoment&)> tissue_progress()
{
    struct Watch {
        bool terminal = isatty(STDERR_FILENO) == 1;
        Clock::time_point begin = Clock::now();
        double last_shown = 0;
    };
    auto watch = std::make_shared<Watch>();
    return [watch](const scenarios::TissueMoment& moment) {
        const double elapsed = seconds_since(watch->begin), pause = watch->terminal ? 0.5 : 30;
        const bool is_over = moment.day >= moment.end;
        if (elapsed - watch->last_shown < pause && !(is_over && watch->last_shown > 0)) {
            return;
        }
        watch->last_shown = elapsed;
        std::string cells;
        for (std::size_t kind = 0; kind < moment.cells.size(); ++kind) {
            std::string name(model::agents::cell_names[kind]);
            std::ranges::replace(name, '_', ' ');
            cells += fmt::format("  {} {}{}", moment.cells[kind], name, name == "stroma" ? "" : "s");
        }
        const double done = moment.day - moment.begin, left = moment.end - moment.day;
        const std::string time_left = done > 0 ? duration(elapsed * left / done) : "?";
        note("{}day {:.1f} of {:g}{}  {} left{}", watch->terminal ? "\r" : "", moment.day, moment.end, cells, time_left,
             watch->terminal ? " \033[K" : "\n");
        if (watch->terminal && is_over) {
            note("\n");
        }
    };
}

} // namespace osteoflare::cli
