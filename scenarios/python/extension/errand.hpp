#pragma once

#include "scenarios/python/extension/background.hpp"
#include "scenarios/record.hpp"

#include <pybind11/pybind11.h>

#include <filesystem>

namespace osteoflare::python {

/// Where a verb's results go and who hears of it: what all of Python's verbs have in common.
struct Errand {
    std::filesystem::path file;
    bool overwrite = false, resume = false;
    std::size_t threads = 0;
    Listeners listeners;

    scenarios::RecordOptions record_options(Told& told) const
    {
        return {.file = file,
                .overwrite = overwrite,
                .threads = threads,
                .resume = resume,
                .remark = [&told](const std::string& text) { told.remark(text); }};
    }
};

/// Members done of so many, as a computation tells it.
inline scenarios::Progress members_told(Told& told, std::size_t n_members)
{
    return [&told, n_members](std::size_t done, std::size_t failed) {
        told.progress(static_cast<double>(done), static_cast<double>(n_members), failed);
    };
}

} // namespace osteoflare::python
