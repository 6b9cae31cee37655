"""The verbs that are injured, with inputs so small that each is over in a fraction of a second."""

import dataclasses

TISSUE = """model = "agents"
genotype = "cmo"
start = "60 d"
end = "60.25 d"
[initial]
neutrophils = 30000
macrophages = 3000
osteoclasts = 1000
[tissue]
width = "80 um"
depth = "80 um"
height = "80 um"
step = "3600 s"
field_step = "600 s"
[output]
every = "0.125 d"
snapshots = "0.125 d"
"""
REPLICATES = TISSUE.replace('snapshots = "0.125 d"', 'snapshots = "none"') + """[sweep]
method = "grid"
replicates = 2
vary.genotype = ["wild_type", "cmo"]
"""
# Long courses, so that a few members fill a shard: three of them.
LANES = """model = "lemaire2004"
end = "10 d"
[output]
every = "0.01 d"
[sweep]
method = "latin_hypercube"
size = 1100
vary.progenitor_differentiation = { lognormal_cv = 0.05 }
"""
COURSE = """genotype = "cmo"
end = "70 d"
[output]
every = "0.25 d"
"""
PROBLEM = """data = "mice.csv"
[[experiment]]
name = "cmo"
genotype = "cmo"
[observable.paw]
of = "swelling"
unit = "mm"
scale = "paw_scale"
noise = "normal"
spread = 0.2
[parameter]
pstpip2_gain = { from = 4, to = 20 }
paw_scale = { from = 0.3, to = 5 }
"""
DATA = """experiment,time [d],observable,value
cmo,60,paw,1.2
cmo,100,paw,3.0
"""
INPUTS = {"tissue.toml": TISSUE, "replicates.toml": REPLICATES, "lanes.toml": LANES, "course.toml": COURSE,
          "mice.toml": PROBLEM,
          "mice.csv": DATA, "endless.toml": REPLICATES.replace("60.25 d", "600 d")}
CHAINS = ("--steps", "20", "--thin", "2", "--warm-up", "10", "--chains", "2", "--walkers", "8")


@dataclasses.dataclass(frozen=True)
class Verb:
    """What is run in an empty folder, or after `before`: the verb and its arguments. Words that begin with @ are files
    in the folder of inputs."""
    name: str
    command: tuple
    results: tuple = ("it.h5",)  # what it leaves when it is over, and nothing else
    resumes: bool = False        # --resume goes on where it was interrupted; otherwise the command is given again
    replaces: bool = True        # takes --force
    threads: bool = True         # takes --threads
    before: tuple = ()           # commands that make what it works on, in the same folder
    is_long: bool = True         # False: over before anybody would interrupt it; nightly only
    is_slow: bool = False        # nightly only
    is_shared: bool = False      # by the processes that mpirun starts


VERBS = (
    Verb("run, cells", ("run", "@tissue.toml", "-o", "it.h5", "--checkpoint", "0"), ("it.h5", "it.xdmf"), resumes=True),
    Verb("sweep, cells", ("sweep", "@replicates.toml", "-o", "it.h5"), resumes=True, is_shared=True),
    Verb("sweep, lanes", ("sweep", "@lanes.toml", "-o", "it.h5"), resumes=True, is_slow=True, is_shared=True),
    Verb("sweep, a part", ("sweep", "@replicates.toml", "-o", "it.h5", "--part", "1/2"),
         ("it.h5.shards/part-1-of-2/study", "it.h5.shards/part-1-of-2/00000000.shard",
          "it.h5.shards/part-1-of-2/00000001.shard"), resumes=True),
    Verb("merge", ("merge", "it.h5"), before=tuple(("sweep", "@replicates.toml", "-o", "it.h5", "--part", f"{k}/2")
                                                  for k in (1, 2))),
    Verb("sample, chains", ("sample", "@mice.toml", "-o", "it.h5", "--fit", "@mice.fit.h5", *CHAINS,
                            "--checkpoint", "0"), resumes=True),
    Verb("sample, ABC", ("sample", "@mice.toml", "-o", "it.h5", "--method", "abc", "--particles", "20", "--rounds", "3",
                         "--checkpoint", "0"), resumes=True),
    Verb("fit", ("fit", "@mice.toml", "-o", "it.h5", "--starts", "2")),
    Verb("profile", ("profile", "@mice.toml", "-o", "it.h5", "--fit", "@mice.fit.h5", "--parameters", "paw_scale")),
    Verb("cohort", ("cohort", "untreated_child", "-o", "it.h5", "--children", "70"), resumes=True, is_slow=True),
    Verb("trial", ("trial", "untreated_child", "-o", "it.h5", "--children", "20"), resumes=True),
    Verb("predict", ("predict", "@mice.sample.h5", "quickstart", "-o", "it.h5", "--members", "3")),
    Verb("predict, shards", ("predict", "@mice.sample.h5", "@course.toml", "-o", "it.h5", "--members", "600"),
         resumes=True, is_slow=True),
    Verb("sensitivity", ("sensitivity", "what_matters", "--size", "256", "-o", "it.h5", "--of", "final_bone")),
    Verb("thresholds", ("thresholds", "smallest_injury", "-o", "it.h5"), is_slow=True),
    Verb("steady", ("steady", "quickstart", "-o", "it.h5", "--starts", "2")),
    Verb("run", ("run", "quickstart", "-o", "it.h5"), is_long=False),
    Verb("plot", ("plot", "@quickstart.h5", "-o", "it.svg"), ("it.svg",), threads=False, is_long=False),
    Verb("report", ("report", "@quickstart.h5", "-o", "it.html"), ("it.html",), threads=False, is_long=False),
    Verb("export", ("export", "niche", "--sbml", "-o", "it.xml"), ("it.xml",), threads=False, is_long=False),
)
# What the verbs work on.
MADE_INPUTS = (
    ("fit", "@mice.toml", "-o", "@mice.fit.h5", "--starts", "2"),
    ("sample", "@mice.toml", "-o", "@mice.sample.h5", "--fit", "@mice.fit.h5", *CHAINS),
    ("run", "quickstart", "-o", "@quickstart.h5"),
)
