#!/usr/bin/python3
"""Installs the Debian package into a fresh Debian 12 and works with it there as an ordinary user would.

    clean_root.py PACKAGE FOLDER

For the night: needs root, debootstrap, a network and 1.5 GB. FOLDER becomes the fresh system (debootstrap's minbase); where it is one
already, it is taken as it is, without Osteoflare. Ends with 1 if anything does not work.
"""

import pathlib
import shutil
import subprocess
import sys

USER = "researcher"
# What a user does, and a file that must come of it.
WORK = [
    ("osteoflare run anakinra_after_onset", "results/anakinra_after_onset.h5"),
    ("osteoflare sweep quickstart", "results/quickstart.h5"),
    ("osteoflare plot results/quickstart.h5", "results/quickstart.svg"),
    ("osteoflare report results/quickstart.h5", "results/quickstart.html"),
    ("osteoflare run tissue_classroom --set neutrophil_recruitment=20000", "results/tissue_classroom.h5"),
    ("osteoflare film results/tissue_classroom.h5 --still lesion.png", "lesion.png"),
    ("osteoflare trial first_line --children 40 -o trial.h5", "trial.h5"),
    ("osteoflare export niche --sbml -o niche.xml", "niche.xml"),
    ("osteoflare phenotypes > phenotypes.txt", "phenotypes.txt"),
]


def run(*command, **how):
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **how)
    if done.returncode:
        sys.exit(f"`{' '.join(map(str, command))}` ended with {done.returncode}:\n{done.stdout[-3000:]}")
    return done.stdout


def inside(root, command, user="root"):
    return run("chroot", f"--userspec={user}", root, "/usr/bin/env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/home/" + USER,
               "LC_ALL=C.UTF-8", "DEBIAN_FRONTEND=noninteractive", "/bin/sh", "-c", command)


def main(package, root):
    if not (root / "usr/bin/apt-get").exists():
        run("debootstrap", "--variant=minbase", "bookworm", root)
    shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
    shutil.copy(package, root / "tmp/osteoflare.deb")
    inside(root, "dpkg --purge osteoflare; apt-get update -q")
    inside(root, "apt-get install -y --no-install-recommends /tmp/osteoflare.deb")
    inside(root, f"id {USER} || useradd --create-home {USER}; rm -rf /home/{USER}/*")
    for command, made in WORK:
        print(inside(root, f"cd && {command}", USER).splitlines()[-1:] or "", command, flush=True)
        if not (root / "home" / USER / made).stat().st_size:
            sys.exit(f"`{command}` made an empty {made}")
    left = inside(root, "dpkg --purge osteoflare; ls -d /usr/share/osteoflare /usr/share/doc/osteoflare 2> /dev/null || true").splitlines()
    if any(line.startswith("/usr/share") for line in left):
        sys.exit(f"removing the package leaves {left}")
    print("a fresh Debian 12 installs it, works with it and is rid of it again")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve())
