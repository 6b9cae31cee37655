"""Prints functions of ours that the objects of two instruction sets both offer to the linker.

The linker keeps one of them for all, and a machine may then meet instructions that it does not have.

usage: instruction_sets.py OBJECT...  (KERNEL_INSTRUCTIONSET.cpp.o)
"""
import pathlib
import subprocess
import sys

makers = {}
for name in sys.argv[1:]:
    instruction_set = pathlib.Path(name).name.removesuffix(".cpp.o").rpartition("_")[2]
    lines = subprocess.run(["nm", "--demangle", "--defined-only", "--extern-only", name], check=True,
                           capture_output=True, text=True).stdout.splitlines()
    for line in lines:
        kind, symbol = line[17:].split(" ", 1)
        # Constants may be shared: their bytes are the same whoever made them.
        if kind in "Ww" and "osteoflare::" in symbol:
            makers.setdefault(symbol, set()).add(instruction_set)
shared = sorted(symbol for symbol, sets in makers.items() if len(sets) > 1)
for symbol in shared:
    print(f"made for {', '.join(sorted(makers[symbol]))}: {symbol}")
if not makers or shared:
    sys.exit(f"{len(shared)} of {len(makers)} functions are made for more than one instruction set")
print(f"{len(makers)} functions, each made for one instruction set")
