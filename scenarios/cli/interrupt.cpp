#include "scenarios/cli/interrupt.hpp"

#include <fmt/format.h>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <string>

namespace osteoflare::cli {
namespace {

// A signal's handler may neither allocate nor lock: it finds its words ready.
struct Words {
    std::array<char, 4096> text{};
    std::size_t size = 0;

    void set(const std::string& words)
    {
        size = std::min(words.size(), text.size());
        std::copy_n(words.begin(), size, text.begin());
    }
};
Words incomplete, complete;
std::string results; ///< their path
ino_t before = 0;    ///< which file had their name when the work began; 0: none

ino_t results_now()
{
    struct stat status {};
    return ::stat(results.c_str(), &status) == 0 ? status.st_ino : 0;
}

void stop(int signal)
{
    const ino_t now = results_now();
    const Words& words = now != 0 && now != before ? complete : incomplete;
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, words.text.data(), words.size);
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
    incomplete.set(text);
    complete.set(fmt::format("\n{}: is complete (interrupted when it was done); nothing is missing\n", file.string()));
    results = file.string();
    before = results_now();
    set_handler(stop);
}

Interruptible::~Interruptible()
{
    set_handler(SIG_DFL);
}

} // namespace osteoflare::cli
