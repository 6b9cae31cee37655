#pragma once

/// A library to be preloaded (LD_PRELOAD): it makes one of a program's calls to the system fail, or the program end
/// there.
///
/// OSTEOFLARE_FAULT_FOLDER  only calls that concern files in this folder count; an absolute path
/// OSTEOFLARE_FAULT_LOG     a file to which every such call is added, a line each: the call, its file
/// OSTEOFLARE_FAULT         CALL:NUMBER:WHAT. The NUMBER-th such CALL, from 1, meets WHAT; `any` counts all calls
/// together.
///     EIO, ENOSPC …          it fails with this error; with a + behind it, so does every later one
///     short                  only half of what is to be read or written is
///     kill, int, term, stop  this signal arrives before the call
///     torn                   half is written, then SIGKILL
///     power                  the power goes: what was never synced is lost, names as well as bytes
///
/// No allocation, no exceptions: it runs inside any thread of the program, and before its libraries are ready.

#include <dlfcn.h>

#include <array>
#include <cstddef>

namespace preload {

/// The system's own call behind ours.
template <class Function>
Function next(Function, const char* name)
{
    return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}
#define NEXT(call) ::preload::next(&::call, #call)

/// Empty: of no interest.
using Path = std::array<char, 512>;

/// One thread at a time.
class Guard {
public:
    Guard();
    ~Guard();
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;
};

// Files of the folder (preload_fault.cpp).

/// The absolute path; empty if it is not in the folder. `at`: an open folder, or AT_FDCWD.
Path ours(int at, const char* path);
Path ours(const char* path);
/// Of an open file.
Path ours(int file);
/// An open file has this name from now on.
void remember(int file, const Path& path);

/// What becomes of a call.
enum class Way { pass, fail, half, signal, tear, power };

/// What this call meets. A signal, or the end of the power, comes before it returns.
Way meet(const char* call, const Path& path);

// What stands on the disk, and what a power cut would take (preload_disk.cpp).

bool exists(const char* path);
void note_sync(int file);
void note_write(int file);
void note_rename(const Path& from, const Path& to, bool replaces);
[[noreturn]] void lose_power();

} // namespace preload
