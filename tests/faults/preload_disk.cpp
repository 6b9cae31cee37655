#include "preload.hpp"

#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace preload {
namespace {

constexpr std::size_t most = 4096;
pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

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
            written[i].path = ours(file);
            return &written[i];
        }
    }
    if (n_written == most) {
        return nullptr;
    }
    Written& made = written[n_written++];
    made = {status.st_dev, status.st_ino, status.st_size, false, ours(file)};
    return &made;
}

bool is_in(const Path& path, const Path& folder)
{
    const char* slash = std::strrchr(path.data(), '/');
    const std::size_t length = std::strlen(folder.data());
    return slash != nullptr && static_cast<std::size_t>(slash - path.data()) == length
           && std::strncmp(path.data(), folder.data(), length) == 0;
}

} // namespace

bool exists(const char* path)
{
    struct stat status {};
    return look_at(path, status);
}

void note_sync(int file)
{
    const Guard guard;
    struct stat status {};
    if (::fstat(file, &status) == 0 && S_ISDIR(status.st_mode)) {
        const Path folder = ours(file);
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

Guard::Guard()
{
    ::pthread_mutex_lock(&mutex);
}

Guard::~Guard()
{
    ::pthread_mutex_unlock(&mutex);
}

} // namespace preload
