#include "scenarios/cli/interrupt.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <string>

namespace osteoflare::cli {
namespace {

// A signal's handler may neither allocate nor lock: it finds its words ready.
std::array<char, 4096> words{};
std::size_t n_words = 0;

void stop(int signal)
{
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, words.data(), n_words);
    ::_exit(128 + signal);
}

void set_handler(void (*handler)(int))
{
    struct sigaction action {};
    action.sa_handler = handler;
    for (const int signal : {SIGINT, SIGTERM}) {
        ::sigaction(signal, &action, nullptr);
    }
}

} // namespace

Interruptible::Interruptible(const std::filesystem::path& file, const std::optional<std::filesystem::path>& left)
{
    const std::string text =
        left ? fmt::format(
            "\n{}: is not complete (interrupted); what is finished stays in {}, and the same command with "
            "--resume goes on with it\n",
            file.string(), left->string())
             : fmt::format("\n{}: is not complete (interrupted); start again\n", file.string());
    n_words = std::min(text.size(), words.size());
    std::copy_n(text.begin(), n_words, words.begin());
    set_handler(stop);
}

Interruptible::~Interruptible()
{
    set_handler(SIG_DFL);
}

} // namespace osteoflare::cli
