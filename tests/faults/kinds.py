"""Which faults there are to inject into a verb: all of them, in a fixed order, or so many drawn by chance."""

import collections
import os
import shutil

from trial import Fault, KILL_ENDS, SENT

KILLED = KILL_ENDS
ERRORS = {
    "open": ("EACCES", "ENOSPC", "EMFILE", "EROFS"),
    "open_read": ("EIO", "EACCES", "EMFILE"),
    "read": ("EIO", "short"),
    "write": ("EIO", "ENOSPC", "EDQUOT", "short", "EINTR"),
    "fsync": ("EIO", "ENOSPC"),
    "ftruncate": ("EIO", "ENOSPC"),
    "close": ("EIO", "ENOSPC"),
    "rename": ("EIO", "EACCES", "ENOSPC"),
    "mkdir": ("EACCES", "ENOSPC"),
    "unlink": ("EACCES", "EIO"),
    "remove": ("EACCES", "EIO"),
    "rmdir": ("EACCES",),
    "stat": ("EIO", "EACCES"),
}


def killed_at_calls(reference):
    for number in range(1, len(reference.calls) + 1):
        yield Fault("killed at a call", f"any:{number}:kill", ends=KILLED)


def torn_writes(reference):
    for number in range(1, reference.calls.count("write") + 1):
        yield Fault("killed in a write", f"write:{number}:torn", ends=KILLED)


def interrupted_at_calls(reference):
    for number in range(1, len(reference.calls) + 1):
        name = "int" if number % 2 else "term"
        yield Fault("interrupted at a call", f"any:{number}:{name}", ends=(SENT[name],))


def power_cuts(reference):
    for number in range(1, len(reference.calls) + 1):
        yield Fault("power cut", f"any:{number}:power", ends=KILLED)


def failing_calls(reference):
    for call, count in sorted(collections.Counter(reference.calls).items()):
        for number in range(1, count + 1):
            for error in ERRORS[call]:
                yield Fault(f"{call} fails", f"{call}:{number}:{error}")


def full_from_a_write_on(reference):
    for number in range(1, reference.calls.count("write") + 1):
        yield Fault("disk full from a write on", f"write:{number}:ENOSPC+")


def dead_from_a_call_on(reference):
    for call in ("open", "write", "fsync", "rename", "read"):
        for number in range(1, reference.calls.count(call) + 1):
            yield Fault("disk dead from a call on", f"{call}:{number}:EIO+")


def at_moments(reference, chance, n):
    for _ in range(n):
        name = chance.choice(sorted(SENT))
        yield Fault("signal at a moment", after=chance.uniform(0, 1.1), sends=name, ends=(SENT[name],))


def full_disks(reference, chance, n):
    """Disks of their own where they may be mounted; otherwise a limit on the size of every file."""
    for _ in range(n):
        if reference.verb.before:
            return  # it begins with what does not fit, either
        size = chance.uniform(0.05, 1.1) * reference.n_bytes
        if may_mount():
            yield Fault("full disk", disk_kb=max(4, 4 * int(size / 4096)))
        else:
            yield Fault("full disk", launcher=("env", "--ignore-signal=XFSZ", "prlimit", f"--fsize={int(size)}"))


def without_rights(reference):
    """A folder of root's, and a user that may not write there."""
    if os.geteuid() == 0 and shutil.which("setpriv"):
        yield Fault("no right to write", launcher=("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"))


def may_mount():
    return os.geteuid() == 0 and shutil.which("mount") and os.environ.get("OSTEOFLARE_FAULTS_MOUNT", "1") == "1"


CERTAIN = (killed_at_calls, torn_writes, interrupted_at_calls, power_cuts, failing_calls, full_from_a_write_on,
           dead_from_a_call_on, without_rights)
BY_CHANCE = (at_moments, full_disks)


def all_faults(reference, chance, n):
    """Every fault of each kind that can be counted, and n of each kind that cannot."""
    return [fault for kind in CERTAIN for fault in kind(reference)] + some_by_chance(reference, chance, n)


def some_by_chance(reference, chance, n):
    return [fault for kind in BY_CHANCE for fault in kind(reference, chance, n)]


def some_faults(reference, chance, n):
    """n of each kind."""
    chosen = []
    for kind in CERTAIN:
        faults = list(kind(reference))
        chosen += chance.sample(faults, min(n, len(faults)))
    return chosen + some_by_chance(reference, chance, n)
