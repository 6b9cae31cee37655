"""The engine in WebAssembly gives the numbers of the program, bit by bit: engine.py OSTEOFLARE FOLDER

FOLDER holds engine.wasm and model.json. Compared are all species, read-outs, summaries and the numbers of steps.
"""

import json
import math
import pathlib
import subprocess
import sys
import tempfile

import h5py

program, folder = sys.argv[1:]
here = pathlib.Path(__file__).parent
anakinra = {"from": 75, "until": 135, "sets": {"anakinra": 8000}}
wound = {"from": 70, "until": 84, "sets": {"sterile_injury": 20}}

# What the program is asked, and the same for the page's engine.
cases = {
    "wild type": ('genotype = "wild_type"', {"genotype": "wild_type"}),
    "cmo": ('genotype = "cmo"', {"genotype": "cmo"}),
    "cmo with anakinra": (
        'genotype = "cmo"\n[[treatment]]\nname = "anakinra"\nexposure = "8 nM"\nfrom = "75 d"\nuntil = "135 d"',
        {"genotype": "cmo", "events": [anakinra]}),
    "a wound to a site that makes little IL-10": (
        'genotype = "cno_like"\nend = "300 d"\n[[event]]\nat = "70 d"\ninput = "sterile_injury"\nvalue = 20\nduration = "14 d"',
        {"genotype": "cno_like", "end": 300, "events": [wound]}),
    "a run that begins after weaning, with a parameter of its own": (
        'genotype = "cmo_heterozygous"\nstart = "40 d"\n[parameters]\nil1b_gene = 3',
        {"genotype": "cmo_heterozygous", "start": 40, "settings": {"il1b_gene": 3}}),
}

with tempfile.TemporaryDirectory() as work:
    asked = [{**question, "every": 0.5} for _, question in cases.values()]
    node = subprocess.run(["node", here / "engine_runs.mjs", folder], input=json.dumps(asked), text=True, check=True,
                          capture_output=True)
    for (name, (toml, _)), answer in zip(cases.items(), json.loads(node.stdout)):
        scenario, results = pathlib.Path(work, "scenario.toml"), pathlib.Path(work, "results.h5")
        scenario.write_text(toml + '\n[output]\nevery = "0.5 d"\n')
        subprocess.run([program, "run", scenario, "--force", "-o", results], check=True, capture_output=True)
        with h5py.File(results) as file:
            compared = 0
            for variable, column in {"time": answer["times"], **answer["columns"]}.items():
                expected = file[variable][()].ravel().tolist()
                assert expected == column, f"{name}: {variable} differs"
                compared += len(column)
            for variable, value in answer["summaries"].items():
                expected = file[variable][()].item()
                assert value == expected or value is None and math.isnan(expected), f"{name}: {variable} differs"
            steps = file["steps"][()].item() + file["rejected_steps"][()].item() if "rejected_steps" in file else None
            assert steps in (None, answer["steps"]), f"{name}: {steps} steps, in the browser {answer['steps']}"
        print(f"{name}: {compared} numbers, all of the same bits")
