#include "preload.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace preload {
namespace {

constexpr std::size_t most = 4096;
std::array<Path, most> name_of; // of every open file in the folder

struct Fault {
    Path folder{}, call{};
    long number = 0;
    Way way = Way::pass;
    int value = 0; ///< error or signal
    bool lasts = false;
    int log = -1;
};

struct Word {
    const char* text;
    Way way;
    int value;
};
constexpr std::array words = {
    Word{"EIO", Way::fail, EIO},        Word{"ENOSPC", Way::fail, ENOSPC}, Word{"EACCES", Way::fail, EACCES},
    Word{"EROFS", Way::fail, EROFS},    Word{"EDQUOT", Way::fail, EDQUOT}, Word{"EMFILE", Way::fail, EMFILE},
    Word{"EINTR", Way::fail, EINTR},    Word{"short", Way::half, 0},       Word{"torn", Way::tear, 0},
    Word{"kill", Way::signal, SIGKILL}, Word{"int", Way::signal, SIGINT},  Word{"term", Way::signal, SIGTERM},
    Word{"stop", Way::signal, SIGSTOP}, Word{"power", Way::power, 0},
};

Fault read_fault()
{
    Fault fault;
    const char* folder = std::getenv("OSTEOFLARE_FAULT_FOLDER");
    if (folder == nullptr) {
        return fault;
    }
    std::snprintf(fault.folder.data(), fault.folder.size(), "%s/", folder);
    if (const char* log = std::getenv("OSTEOFLARE_FAULT_LOG")) {
        fault.log = NEXT(open)(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    }
    Path what{};
    const char* text = std::getenv("OSTEOFLARE_FAULT");
    if (text != nullptr && std::sscanf(text, "%31[^:]:%ld:%31s", fault.call.data(), &fault.number, what.data()) == 3) {
        if (char* plus = std::strchr(what.data(), '+')) {
            *plus = '\0';
            fault.lasts = true;
        }
        for (const Word& word : words) {
            if (std::strcmp(word.text, what.data()) == 0) {
                fault.way = word.way;
                fault.value = word.value;
            }
        }
        if (fault.way == Way::pass) {
            ::abort(); // a mistake of the test must not look like a fault that was survived
        }
    }
    return fault;
}

const Fault& fault()
{
    static const Fault read = read_fault();
    return read;
}

struct Counted {
    std::array<char, 16> call{};
    long n = 0;
};
std::array<Counted, 32> counts;
long n_calls = 0;

long count(const char* call)
{
    for (Counted& one : counts) {
        if (one.call[0] == '\0') {
            std::snprintf(one.call.data(), one.call.size(), "%s", call);
        }
        if (std::strcmp(one.call.data(), call) == 0) {
            return ++one.n;
        }
    }
    return 0;
}

} // namespace

Path ours(int at, const char* path)
{
    Path whole{}, folder{};
    while (path != nullptr && path[0] == '.' && path[1] == '/') {
        path += 2;
    }
    if (fault().folder[0] == '\0' || path == nullptr) {
        return whole;
    }
    if (path[0] == '/') {
        std::snprintf(whole.data(), whole.size(), "%s", path);
    } else {
        const bool is_known = at >= 0 && static_cast<std::size_t>(at) < most;
        if (is_known) {
            folder = name_of[static_cast<std::size_t>(at)];
        } else if (at != AT_FDCWD || ::getcwd(folder.data(), folder.size()) == nullptr) {
            return whole;
        }
        const std::size_t n = std::strlen(folder.data()), m = std::strlen(path);
        if (n == 0 || n + m + 2 > whole.size()) {
            return whole;
        }
        std::memcpy(whole.data(), folder.data(), n);
        if (std::strcmp(path, ".") != 0) {
            whole[n] = '/';
            std::memcpy(whole.data() + n + 1, path, m + 1);
        }
    }
    const std::size_t length = std::strlen(fault().folder.data());
    const bool is_inside = std::strncmp(whole.data(), fault().folder.data(), length) == 0
                           || (std::strncmp(whole.data(), fault().folder.data(), length - 1) == 0
                               && std::strlen(whole.data()) == length - 1);
    return is_inside ? whole : Path{};
}

Path ours(const char* path)
{
    return ours(AT_FDCWD, path);
}

Path ours(int file)
{
    return file >= 0 && static_cast<std::size_t>(file) < most ? name_of[static_cast<std::size_t>(file)] : Path{};
}

void remember(int file, const Path& path)
{
    if (file >= 0 && static_cast<std::size_t>(file) < most) {
        name_of[static_cast<std::size_t>(file)] = path;
    }
}

Way meet(const char* call, const Path& path)
{
    if (path[0] == '\0') {
        return Way::pass;
    }
    const Fault& f = fault();
    const int before = errno;
    bool is_met = false;
    {
        const Guard guard;
        const long of_call = count(call), of_all = ++n_calls;
        const bool is_any = std::strcmp(f.call.data(), "any") == 0;
        const long number = is_any ? of_all : of_call;
        is_met =
            (is_any || std::strcmp(f.call.data(), call) == 0) && (number == f.number || (f.lasts && number > f.number));
        if (f.log >= 0) {
            std::array<char, 600> line{};
            const int n = std::snprintf(line.data(), line.size(), "%s %s\n", call, path.data());
            (void)NEXT(write)(f.log, line.data(), static_cast<std::size_t>(n));
        }
    }
    errno = before;
    if (!is_met) {
        return Way::pass;
    }
    if (f.way == Way::signal) {
        ::raise(f.value);
        return Way::pass;
    }
    if (f.way == Way::power) {
        lose_power();
    }
    if (f.way == Way::fail) {
        errno = f.value;
    }
    return f.way;
}

} // namespace preload
