#include "output/figures/gnuplot.hpp"

#include "output/part_file.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>

extern char** environ;

namespace osteoflare::output {
namespace {

const std::string advice = "install gnuplot 5 (Debian: gnuplot-nox) or run without figures";

/// A nameless file that is gone when it is closed. Unlike pipes, files cannot fill up while the other side waits.
class Scratch {
public:
    Scratch() : file_(std::tmpfile(), &std::fclose)
    {
        if (!file_) {
            throw FileError("gnuplot", "cannot be run", "no temporary file: " + system_reason(errno),
                            "free some space in the folder for temporary files");
        }
    }

    int descriptor() const { return ::fileno(file_.get()); }

    void write(const std::string& text)
    {
        if (std::fwrite(text.data(), 1, text.size(), file_.get()) != text.size() || std::fflush(file_.get()) != 0) {
            throw FileError("gnuplot", "cannot be run", system_reason(errno), write_advice(system_reason(errno)));
        }
        std::rewind(file_.get());
    }

    std::string read()
    {
        std::string text;
        std::array<char, 65536> buffer{};
        std::rewind(file_.get());
        while (const std::size_t n = std::fread(buffer.data(), 1, buffer.size(), file_.get())) {
            text.append(buffer.data(), n);
        }
        return text;
    }

private:
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
};

/// The exit status of `gnuplot` with these files as its standard input, output and error.
int run(int input, int output, int errors)
{
    std::string name = "gnuplot", defaults = "-d", standard_input = "-";
    const std::array<char*, 4> arguments = {name.data(), defaults.data(), standard_input.data(), nullptr};
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
    pid_t child = 0;
    const int failure = ::posix_spawnp(&child, name.c_str(), &actions, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (failure != 0) {
        throw FileError("gnuplot", "cannot be run", system_reason(failure), advice);
    }
    int status = 0;
    while (::waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) {
            return 0; // the program that uses us does not keep children's fates; the output will tell
        }
    }
    return status;
}

std::string first_words(std::string text)
{
    std::replace(text.begin(), text.end(), '\n', ' ');
    text.erase(0, text.find_first_not_of(' '));
    return text.empty() ? "it says nothing" : text.substr(0, 300);
}

} // namespace

std::string run_gnuplot(const std::string& script)
{
    Scratch input, output, errors;
    input.write(script);
    const int status = run(input.descriptor(), output.descriptor(), errors.descriptor());
    if (status != 0) {
        throw FileError("gnuplot", "failed", first_words(errors.read()), advice);
    }
    return output.read();
}

} // namespace osteoflare::output
