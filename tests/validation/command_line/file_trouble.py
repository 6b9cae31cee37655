"""What happens to files, and to results that are there."""

import os
import random
import resource
import signal
import time

from claims import claim, Complaint, require

from bench import DRAWN, FILE_TROUBLE, SHORT


@claim("trouble with files is told in one line that begins with the file, exit code 5, and leaves nothing behind")
def file_trouble(bench):
    bench.write("short.toml", SHORT)
    bench.write("a_file", "")
    (bench.folder / "a_folder").mkdir()
    os.mkfifo(bench.folder / "a_pipe")
    for arguments, file in {
        ("run", "nothing.toml"): "nothing.toml",
        ("run", "no/folder/nothing"): "no/folder/nothing",
        ("check", "a_folder/"): "a_folder/",
        ("run", "short.toml", "-o", "nowhere/short.h5"): "nowhere/short.h5",
        ("run", "short.toml", "-o", "a_file/short.h5"): "a_file/short.h5",
        ("run", "short.toml", "-o", "a_folder"): "a_folder",
        ("run", "short.toml", "-o", "a_pipe", "--force"): "a_pipe",
        ("merge", "nothing.h5"): "nothing.h5.shards",
        ("plot", "nothing.h5"): "nothing.h5",
        ("plot", "a_folder"): "a_folder",
        ("plot", "short.toml"): "short.toml",
        ("plot", "a_file"): "a_file",
        ("film", "nothing.h5"): "nothing.h5",
        ("film", "a_file"): "a_file",
        ("export", "nothing.toml", "--sbml"): "nothing.toml",
        ("export", "niche", "--sbml", "-o", "nowhere/niche.xml"): "nowhere/niche.xml",
        ("export", "niche", "--latex", "-o", "a_folder"): "a_folder",
    }.items():
        done = bench.refuse(*arguments, expect=FILE_TROUBLE, says=f"{file}: ")
        done.require(done.error.startswith(file), "the message should begin with the file")
    bench.refuse("list", "genotypes", expect=FILE_TROUBLE, says="OSTEOFLARE_LIBRARY", OSTEOFLARE_LIBRARY="nowhere")


@claim("where no results folder can be made, the program says so")
def no_results_folder(bench):
    bench.write("short.toml", SHORT)
    bench.write("results", "a file, not a folder")
    bench.refuse("run", "short.toml", expect=FILE_TROUBLE, says="choose a file with -o")


@claim("a folder that must not be written to is left as it is")
def unwritable_folder(bench):
    bench.write("short.toml", SHORT)
    locked = bench.folder / "locked"
    locked.mkdir(mode=0o555)
    if os.access(locked, os.W_OK):
        return "not tried: this user can write everywhere"
    try:
        bench.refuse("run", "short.toml", "-o", "locked/short.h5", expect=FILE_TROUBLE, says="locked/short.h5")
    finally:
        locked.chmod(0o755)


@claim("a disk that is full ends a run with exit code 5 and without half a file")
def full_disk(bench):
    bench.write("short.toml", SHORT + DRAWN)

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # writing more then fails as on a full disk
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    bench.refuse("run", "short.toml", "-o", "short.h5", expect=FILE_TROUBLE, says="short.h5", before=limit)


@claim("existing results stay byte-identical without --force and are replaced with it")
def no_overwriting(bench):
    bench.write("short.toml", SHORT)
    bench.run("run", "short.toml")
    bench.refuse("run", "short.toml", "--genotype", "cmo", expect=FILE_TROUBLE, says="exists already")
    bench.refuse("run", "short.toml", "-o", "results/short.h5", expect=FILE_TROUBLE, says="exists already")
    before = (bench.folder / "results/short.h5").read_bytes()
    bench.run("run", "short.toml", "--genotype", "cmo", "--force")
    require((bench.folder / "results/short.h5").read_bytes() != before, "--force should replace the file")
    require(sorted(bench.files()) == ["results", "results/short.h5", "short.toml"], "one file should be left")


def wait_for(path, process):
    for _ in range(3000):
        if path.exists():
            return
        require(process.poll() is None, f"the run ended before {path.name} was there")
        time.sleep(0.01)
    raise Complaint(f"{path.name} did not appear")


@claim("a killed run leaves no file under the results' name and is no obstacle; two runs do not share a file")
def killed_run(bench):
    bench.write("long.toml", SHORT.replace("12 d", "150 d") + DRAWN.replace("20", "100000"))
    bench.write("short.toml", SHORT)
    long = bench.start("sweep", "long.toml", "-o", "same.h5")
    try:
        wait_for(bench.folder / "same.h5.part", long)
        bench.run("run", "short.toml", "-o", "same.h5", expect=FILE_TROUBLE).require(
            long.poll() is None, "the second run should not end the first")
    finally:
        os.killpg(long.pid, signal.SIGKILL)
        long.wait()
    require(not (bench.folder / "same.h5").exists(), "a killed run should leave no file of that name")
    bench.run("run", "short.toml", "-o", "same.h5")
    require(sorted(bench.files()) == ["long.toml", "same.h5", "short.toml"], "no .part should be left")


@claim("plot refuses a results file that is cut off or has one bit flipped anywhere in its content")
def damaged_files(bench):
    bench.write("short.toml", SHORT)
    bench.run("run", "short.toml", "-o", "whole.h5")
    whole = (bench.folder / "whole.h5").read_bytes()
    content = whole.index(b"\nosteoflare-seal ")
    chance = random.Random(1)
    for size in [1, 100, content // 2, content - 1]:
        bench.write("cut.h5", whole[:size])
        bench.refuse("plot", "cut.h5", expect=FILE_TROUBLE, says="cut.h5: ")
    for _ in range(40):
        damaged, at = bytearray(whole), chance.randrange(content)
        damaged[at] ^= 1 << chance.randrange(8)
        bench.write("flipped.h5", bytes(damaged))
        bench.refuse("plot", "flipped.h5", expect=FILE_TROUBLE, says="is damaged")
