#include "preload.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>

using namespace preload;

namespace {

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
    const bool replaces = exists(to);
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
