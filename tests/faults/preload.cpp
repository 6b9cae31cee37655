/// A library to be preloaded (LD_PRELOAD): it makes one of a program's calls to the system fail, or the program end
/// there.
///
/// OSTEOFLARE_FAULT_FOLDER  only calls that concern files in this folder count; an absolute path
/// OSTEOFLARE_FAULT         CALL:NUMBER:WHAT, the NUMBER-th such CALL (from 1; `any` counts all of them together) meets
/// WHAT:
///                            the name of an error, as EIO; with a + behind it, every later call meets it, too
///                            short   only half of what is to be read or written is
///                            kill, int, term, stop   this signal arrives before the call
///                            torn    half is written, then SIGKILL
///                            power   the power goes: what was never synced is lost, names as well as bytes
/// OSTEOFLARE_FAULT_LOG     a file to which every such call is added, a line each: the call, its file
///
/// Plain C where it matters: it runs inside any thread of the program, and before its libraries are ready.

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

template <class Function>
Function next(Function, const char* name)
{
    return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}
#define NEXT(call) next(&::call, #call)

using Path = std::array<char, 512>;

constexpr std::size_t most = 4096;
std::array<Path, most> name_of; // of every open file in the folder; empty: none of ours
pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

struct Guard {
    Guard() { ::pthread_mutex_lock(&mutex); }
    ~Guard() { ::pthread_mutex_unlock(&mutex); }
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;
};

// -- What stands on the disk ------------------------------------------------------------------------------------------

struct Written {
    dev_t device = 0;
    ino_t inode = 0;
    off_t synced = 0; ///< bytes that are on the disk
    bool is_dirty = false;
    Path path{};
};
std::array<Written, most> written;
std::size_t n_written = 0;

struct Renamed {
    Path from{}, to{};
};
std::array<Renamed, most> renamed; // in folders that were not synced since, in order
std::size_t n_renamed = 0;

bool look_at(const char* path, struct stat& status)
{
    return NEXT(stat)(path, &status) == 0;
}

/// The entry of an open file, made if there is none.
Written* entry_of(int file)
{
    struct stat status {};
    if (::fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
        return nullptr;
    }
    for (std::size_t i = 0; i < n_written; ++i) {
        if (written[i].device == status.st_dev && written[i].inode == status.st_ino) {
            written[i].path = name_of[static_cast<std::size_t>(file)];
            return &written[i];
        }
    }
    if (n_written == most) {
        return nullptr;
    }
    Written& made = written[n_written++];
    made = {status.st_dev, status.st_ino, status.st_size, false, name_of[static_cast<std::size_t>(file)]};
    return &made;
}

bool is_in(const Path& path, const Path& folder)
{
    const char* slash = std::strrchr(path.data(), '/');
    const std::size_t length = std::strlen(folder.data());
    return slash != nullptr && static_cast<std::size_t>(slash - path.data()) == length
           && std::strncmp(path.data(), folder.data(), length) == 0;
}

void note_sync(int file)
{
    const Guard guard;
    struct stat status {};
    if (::fstat(file, &status) == 0 && S_ISDIR(status.st_mode)) {
        const Path& folder = name_of[static_cast<std::size_t>(file)];
        std::size_t kept = 0;
        for (std::size_t i = 0; i < n_renamed; ++i) {
            if (!is_in(renamed[i].to, folder)) {
                renamed[kept++] = renamed[i];
            }
        }
        n_renamed = kept;
    } else if (Written* entry = entry_of(file)) {
        entry->synced = status.st_size;
        entry->is_dirty = false;
    }
}

void note_write(int file)
{
    const Guard guard;
    if (Written* entry = entry_of(file)) {
        entry->is_dirty = true;
    }
}

void note_rename(const Path& from, const Path& to, bool replaces)
{
    const Guard guard;
    for (std::size_t i = 0; i < n_written; ++i) {
        if (std::strcmp(written[i].path.data(), from.data()) == 0) {
            written[i].path = to;
        }
    }
    if (!replaces && n_renamed < most) {
        renamed[n_renamed++] = {from, to};
    }
}

[[noreturn]] void lose_power()
{
    for (std::size_t i = 0; i < n_written; ++i) {
        struct stat status {};
        const Written& one = written[i];
        if (one.is_dirty && look_at(one.path.data(), status) && status.st_ino == one.inode
            && status.st_dev == one.device) {
            (void)NEXT(truncate)(one.path.data(), one.synced);
        }
    }
    while (n_renamed > 0) {
        --n_renamed;
        (void)NEXT(rename)(renamed[n_renamed].to.data(), renamed[n_renamed].from.data());
    }
    ::raise(SIGKILL);
    ::abort();
}

// -- Which call meets what --------------------------------------------------------------------------------------------

enum class Way { pass, fail, half, signal, tear, power };

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
    Word{"stop", Way::signal, SIGSTOP},
    Word{"power", Way::power, 0},
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

/// The absolute path; empty if it is not in the folder.
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

/// What this call meets. A signal, or the end of the power, comes before it returns.
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

void remember(int file, const Path& path)
{
    if (file >= 0 && static_cast<std::size_t>(file) < most) {
        name_of[static_cast<std::size_t>(file)] = path;
    }
}

int opened(int (*open)(const char*, int, ...), const char* name, int flags, unsigned mode)
{
    const Path path = ours(name);
    const bool writes = (flags & (O_WRONLY | O_RDWR | O_CREAT)) != 0;
    if (meet(writes ? "open" : "open_read", path) == Way::fail) {
        return -1;
    }
    const int file = open(name, flags, mode);
    remember(file, path);
    return file;
}

int opened_at(int (*openat)(int, const char*, int, ...), int at, const char* name, int flags, unsigned mode)
{
    const Path path = ours(at, name);
    const bool writes = (flags & (O_WRONLY | O_RDWR | O_CREAT)) != 0;
    if (meet(writes ? "open" : "open_read", path) == Way::fail) {
        return -1;
    }
    const int file = openat(at, name, flags, mode);
    remember(file, path);
    return file;
}

FILE* opened_stream(FILE* (*open)(const char*, const char*), const char* name, const char* mode)
{
    const Path path = ours(name);
    if (meet(mode[0] == 'r' ? "open_read" : "open", path) == Way::fail) {
        return nullptr;
    }
    FILE* file = open(name, mode);
    if (file != nullptr) {
        remember(::fileno(file), path);
    }
    return file;
}

std::size_t half(std::size_t n)
{
    return n > 1 ? n / 2 : n;
}

/// Reads or writes: `transfer(n)` moves n bytes.
template <class Transfer>
ssize_t transferred(const char* call, int file, std::size_t n, bool writes, Transfer transfer)
{
    const Way way = meet(call, ours(file));
    if (way == Way::fail) {
        return -1;
    }
    const ssize_t done = transfer(way == Way::half || way == Way::tear ? half(n) : n);
    if (way == Way::tear) {
        ::raise(SIGKILL);
    }
    if (writes && done > 0 && ours(file)[0] != '\0') {
        note_write(file);
    }
    return done;
}

template <class Call>
int on_path(const char* call, const Path& path, Call work)
{
    return meet(call, path) == Way::fail ? -1 : work();
}

int moved(const char* from, const char* to, bool must_be_new, int (*work)(const char*, const char*, bool))
{
    const Path path = ours(to), old = ours(from);
    if (meet("rename", path) == Way::fail) {
        return -1;
    }
    struct stat status {};
    const bool replaces = look_at(to, status);
    const int done = work(from, to, must_be_new);
    if (done == 0 && path[0] != '\0') {
        note_rename(old, path, replaces);
    }
    return done;
}

unsigned mode_of(int flags, va_list rest)
{
    return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, unsigned) : 0;
}

} // namespace

#define OPEN(call)                                                                                                     \
    int call(const char* name, int flags, ...)                                                                         \
    {                                                                                                                  \
        va_list rest;                                                                                                  \
        va_start(rest, flags);                                                                                         \
        const unsigned mode = mode_of(flags, rest);                                                                    \
        va_end(rest);                                                                                                  \
        return opened(NEXT(call), name, flags, mode);                                                                  \
    }
#define OPEN_AT(call)                                                                                                  \
    int call(int at, const char* name, int flags, ...)                                                                 \
    {                                                                                                                  \
        va_list rest;                                                                                                  \
        va_start(rest, flags);                                                                                         \
        const unsigned mode = mode_of(flags, rest);                                                                    \
        va_end(rest);                                                                                                  \
        return opened_at(NEXT(call), at, name, flags, mode);                                                           \
    }
#define PREAD(call, Offset)                                                                                            \
    ssize_t call(int file, void* to, std::size_t n, Offset at)                                                         \
    {                                                                                                                  \
        return transferred("read", file, n, false, [&](std::size_t m) { return NEXT(call)(file, to, m, at); });        \
    }
#define PWRITE(call, Offset)                                                                                           \
    ssize_t call(int file, const void* from, std::size_t n, Offset at)                                                 \
    {                                                                                                                  \
        return transferred("write", file, n, true, [&](std::size_t m) { return NEXT(call)(file, from, m, at); });      \
    }
#define TRUNCATE(call, Offset)                                                                                         \
    int call(int file, Offset size) noexcept                                                                           \
    {                                                                                                                  \
        const int done = on_path("ftruncate", ours(file), [&] { return NEXT(call)(file, size); });                     \
        if (done == 0 && ours(file)[0] != '\0') {                                                                      \
            note_write(file);                                                                                          \
        }                                                                                                              \
        return done;                                                                                                   \
    }
#define SYNC(call)                                                                                                     \
    int call(int file)                                                                                                 \
    {                                                                                                                  \
        const int done = on_path("fsync", ours(file), [&] { return NEXT(call)(file); });                               \
        if (done == 0 && ours(file)[0] != '\0') {                                                                      \
            note_sync(file);                                                                                           \
        }                                                                                                              \
        return done;                                                                                                   \
    }
#define ON_PATH(call)                                                                                                  \
    int call(const char* name) noexcept                                                                                \
    {                                                                                                                  \
        return on_path(#call, ours(name), [&] { return NEXT(call)(name); });                                           \
    }
#define STATUS(call, Status)                                                                                           \
    int call(const char* name, Status* status) noexcept                                                                \
    {                                                                                                                  \
        return on_path("stat", ours(name), [&] { return NEXT(call)(name, status); });                                  \
    }
#define STREAM(call)                                                                                                   \
    FILE* call(const char* name, const char* mode)                                                                     \
    {                                                                                                                  \
        return opened_stream(NEXT(call), name, mode);                                                                  \
    }

extern "C" {
OPEN(open)
OPEN(open64)
OPEN_AT(openat)
OPEN_AT(openat64)
STREAM(fopen)
STREAM(fopen64)
PREAD(pread, off_t)
PREAD(pread64, off64_t)
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)
SYNC(fsync)
SYNC(fdatasync)
ON_PATH(unlink)
ON_PATH(rmdir)
ON_PATH(remove)
STATUS(stat, struct stat)
STATUS(stat64, struct stat64)
STATUS(lstat, struct stat)
STATUS(lstat64, struct stat64)

ssize_t read(int file, void* to, std::size_t n)
{
    return transferred("read", file, n, false, [&](std::size_t m) { return NEXT(read)(file, to, m); });
}

ssize_t write(int file, const void* from, std::size_t n)
{
    return transferred("write", file, n, true, [&](std::size_t m) { return NEXT(write)(file, from, m); });
}

int close(int file)
{
    const Path path = ours(file);
    remember(file, Path{});
    const Way way = meet("close", path);
    const int why = errno, done = NEXT(close)(file); // as Linux does: closed, whatever it says
    errno = way == Way::fail ? why : errno;
    return way == Way::fail ? -1 : done;
}

int rename(const char* from, const char* to) noexcept
{
    return moved(from, to, false, [](const char* a, const char* b, bool) { return NEXT(rename)(a, b); });
}

int renameat2(int from_at, const char* from, int to_at, const char* to, unsigned flags) noexcept
{
    if (from_at != AT_FDCWD || to_at != AT_FDCWD || flags != RENAME_NOREPLACE) {
        return NEXT(renameat2)(from_at, from, to_at, to, flags);
    }
    return moved(from, to, true, [](const char* a, const char* b, bool) {
        return NEXT(renameat2)(AT_FDCWD, a, AT_FDCWD, b, RENAME_NOREPLACE);
    });
}

int unlinkat(int at, const char* name, int flags) noexcept
{
    return on_path("unlink", ours(at, name), [&] { return NEXT(unlinkat)(at, name, flags); });
}

int mkdir(const char* name, mode_t mode) noexcept
{
    return on_path("mkdir", ours(name), [&] { return NEXT(mkdir)(name, mode); });
}
} // extern "C"
