#!/usr/bin/python3
"""Inserts faults into a copy of the sources, one at a time, and says which tests notice.

    inserted_faults.py FOLDER [WORD...]

FOLDER is made if need be, holds the copy and its build, and can be used again. With WORDs, only faults whose area or
description holds one of them. The programs of tests run one after the other until something fails in one. Prints a
Markdown table; ends with 1 if a fault is not noticed. Takes about half a minute per fault on two quiet cores.
"""

import pathlib
import shutil
import subprocess
import sys
import xml.etree.ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = {  # what each runs: all that concerns kernels, lanes and what sweeps do with them
    "test_unit": ["*generated*,[lanes]"],
    "test_convergence": ["*lanes*,*ensitivities*"],
    "test_validation": ["*lane*,*ensitivities*", "*instruction*"],
    "test_invariants": ["*member*,*place*,*grid*"],
}
TISSUE_PROGRAMS = {  # and what concerns agents
    "test_unit": ["[agents]"],
    "test_limits": ["[tissue]"],
    "test_convergence": ["[agents]"],
    "test_invariants": ["[tissue]"],
    "test_validation": ["well mixed\\, 16*"],
}
FIRST = {"error control": "test_convergence", "the method": "test_convergence", "continuous output": "test_convergence",
         "sensitivities": "test_convergence", "sweeps": "test_invariants"}  # where each area's faults should show
ALGEBRA, WRITER = "solvers/compiler/algebra.cpp", "solvers/compiler/kernel_writer.cpp"
SOLVER, METHOD = "solvers/lanes/lane_solver.hpp", "solvers/lanes/rodas5p.hpp"
COEFFICIENTS, ROWS, SUMMARIES = (f"solvers/lanes/{name}.hpp" for name in ("coefficients", "rows", "summaries"))
TISSUE, BEHAVIOURS, BONE = "scenarios/spatial/tissue.cpp", "model/agents/behaviours.hpp", "scenarios/spatial/bone_surface.cpp"
SENSITIVITIES, FORCING, ESDIRK = (f"solvers/lanes/{name}.hpp" for name in ("sensitivities", "forcing", "esdirk5"))

# Area, what is wrong, file, what stands there (once), what stands there instead.
FAULTS = [
    ("Jacobian", "a term of the product rule is dropped", ALGEBRA,
     "for (std::size_t i = 0; i < operands.size(); ++i) {\n            std::vector<Term> factors = operands;",
     "for (std::size_t i = 0; i + (operands.size() > 3 ? 1 : 0) < operands.size(); ++i) {\n"
     "            std::vector<Term> factors = operands;"),
    ("Jacobian", "the derivative of 1/x has the wrong sign", ALGEBRA,
     "product(std::array{constant(-1), of, of, slope(operands[0])})", "product(std::array{of, of, slope(operands[0])})"),
    ("Jacobian", "the derivative of a power misses the exponent", ALGEBRA,
     "product(std::array{operands[1], of, reciprocal(operands[0]), slope(operands[0])})",
     "product(std::array{of, reciprocal(operands[0]), slope(operands[0])})"),
    ("Jacobian", "the larger of two always moves with the second", ALGEBRA,
     "case Kind::maximum: return apply(Kind::choice, {operands[0], operands[1], slope(operands[0]), slope(operands[1])});",
     "case Kind::maximum: return slope(operands[1]);"),
    ("Jacobian", "one entry is missing from the matrix that is factored", WRITER,
     "matrix_.push_back(algebra_.derivative(rows[i], unknowns[j], true));",
     "matrix_.push_back(i == 1 && j == 0 ? algebra_.constant(0) : algebra_.derivative(rows[i], unknowns[j], true));"),
    ("Jacobian", "one entry of that matrix has the wrong sign", WRITER,
     "matrix_.push_back(algebra_.derivative(rows[i], unknowns[j], true));",
     "matrix_.push_back(algebra_.derivative(rows[i], unknowns[j], true));\n"
     "                if (i == 1 && j == 0) { matrix_.back() = algebra_.product(algebra_.constant(-1), matrix_.back()); }"),
    ("Jacobian", "a shared intermediate does not move with one of its states", WRITER,
     "matrix_.push_back(algebra_.derivative(rows[i], unknowns[j], true));",
     "matrix_.push_back(i >= n_ && j == 10 ? algebra_.constant(0) : algebra_.derivative(rows[i], unknowns[j], true));"),
    ("Jacobian", "an elimination leaves the entries that it should change", WRITER,
     '"fma(" + multiplier + ", " + stored[k][j] + ", " + entry[j] + ")"', "entry[j]"),
    ("Jacobian", "the matrix is that of half the step", SOLVER,
     "inverse_h * Pack(1 / rodas5p::gamma), right_, lu_)", "inverse_h * Pack(2 / rodas5p::gamma), right_, lu_)"),
    ("Jacobian", "a coefficient is computed from the wrong setting", WRITER,
     "Pack(settings[symbol - n_states])", "Pack(settings[symbol - n_states - (symbol == n_states + 1)])"),
    ("error control", "the estimate is a hundredth of what it should be", SOLVER,
     "error[k - first] = magnitude(u);", "error[k - first] = magnitude(u) * Pack(0.01);"),
    ("error control", "every finite step is accepted", SOLVER,
     "const Mask accepted = error <= Pack(1.0);", "const Mask accepted = error <= Pack(never);"),
    ("error control", "only the last two states count", SOLVER, "worst = maximum(worst, most);", "worst = most;"),
    ("error control", "the tolerance does not scale with the state", SOLVER,
     "fma(relative, maximum(magnitude(y_[k]), magnitude(y_new)), Pack(problem_.absolute_tolerance[k]))",
     "relative + Pack(problem_.absolute_tolerance[k])"),
    ("error control", "all states share the first one's absolute tolerance", SOLVER,
     "Pack(problem_.absolute_tolerance[k]))", "Pack(problem_.absolute_tolerance[0]))"),
    ("error control", "a step that is not a number is accepted", SOLVER,
     "const Mask accepted = error <= Pack(1.0);", "const Mask accepted = !(Pack(1.0) < error);"),
    ("error control", "a member starts with the memory of the one before", SOLVER,
     "previous_error_.at[lane] = -1000;", ""),
    ("event landing", "t + h instead of the event's time", SOLVER,
     "const Pack t_new = select(lands, stop, t + h);", "const Pack t_new = t + h;"),
    ("event landing", "the step before an event is not shortened", SOLVER,
     "const Pack h = select(lands, remaining, select(halves, remaining * Pack(0.5), h_wanted));",
     "const Pack h = select(lands, h_wanted, select(halves, remaining * Pack(0.5), h_wanted));"),
    ("event landing", "a change is passed over", COEFFICIENTS,
     "const bool has_previous = phase > 0", "if (phase > 0) { return wanted; }\n        const bool has_previous = phase > 0"),
    ("event landing", "on the way back between two settings one coefficient stays", COEFFICIENTS,
     "for (std::size_t i = 0; i < prepared.n_different; ++i) {", "for (std::size_t i = 1; i < prepared.n_different; ++i) {"),
    ("event landing", "the second change of a member is passed over", SOLVER,
     "slot.phase + 1 < slot.member.n_phases ? slot.member.phase_begins[slot.phase + 1] : problem_.to;",
     "slot.phase + 1 < slot.member.n_phases && slot.phase != 1 ? slot.member.phase_begins[slot.phase + 1] : problem_.to;"),
    ("event landing", "settings met before are mistaken for others", COEFFICIENTS,
     "if (prepared.settings[i] == settings) {", "if (prepared.settings[i] != nullptr && i == 3) {"),
    ("event landing", "settings of the member before are kept", COEFFICIENTS,
     "            settings = nullptr;\n", "            (void)settings;\n"),
    ("continuous output", "samples are taken from the wrong end of the step", ROWS,
     "round.theta[slot] = (next_time_.at[lane] - step.t.at[lane]) / step.h.at[lane];",
     "round.theta[slot] = (step.t_new.at[lane] - next_time_.at[lane]) / step.h.at[lane];"),
    ("continuous output", "a coefficient is wrong in its fourth digit", METHOD, "-24.495224566215796", "-24.505224566215796"),
    ("continuous output", "a sample at an event shows the world before it", ROWS,
     "unsigned due = step.done & lanes_of((wanted < t_new) | at_end);",
     "unsigned due = step.done & lanes_of((wanted <= t_new) | at_end);"),
    ("the method", "a coefficient is wrong in its fourth digit", METHOD, "-10.358996098473584", "-10.368996098473584"),
    ("the method", "a coefficient of the last stage is wrong in its fifth digit", METHOD,
     "-54.66780262877968", "-54.66680262877968"),
    ("summaries", "a crossing is reported at the next place that was looked at", SUMMARIES,
     "while ((above - below) * h > 1e-6) {", "while ((above - below) * h > 1e6) {"),
    ("summaries", "a later crossing replaces the first", SUMMARIES,
     "unsigned crossing = step.done & ~found_[i] & lanes_of", "unsigned crossing = step.done & lanes_of"),
    ("summaries", "all lanes share the first lane's level", SUMMARIES,
     "const double level = levels_[summary].at[lane];", "const double level = levels_[summary].at[0];"),
    ("summaries", "an extreme between the places looked at is not refined", SUMMARIES,
     "const auto inside = (at_ends < most) & (known < most);", "const auto inside = (at_ends < most) & (most < known);"),
    ("summaries", "read-outs are those of the state one step ago", SUMMARIES,
     "quantities_[n_samples - 1][k] = step.y_new[k];", "quantities_[n_samples - 1][k] = step.y[k];"),
    ("lanes", "a member inherits the crossings of the one before", SUMMARIES,
     "            found_[i] &= ~(1U << lane);\n", ""),
    ("lanes", "an output shifted by one lane", ROWS,
     "block[slot].store(rows[slot] + first);", "block[(slot + 1) % width].store(rows[slot] + first);"),
    ("lanes", "a slot that another lane uses looks into its own lane's step", ROWS,
     "round.lane_of[slot] = lane;", "round.lane_of[slot] = slot;"),
    ("lanes", "a row made by itself is that of the next lane", ROWS,
     "row[i] = output.state_in(lane, problem_", "row[i] = output.state_in((lane + 1) % width, problem_"),
    ("sensitivities", "their errors do not count", SENSITIVITIES,
     "return power(worst, Pack(0.5));", "return power(worst, Pack(0.5)) * Pack(0.0);"),
    ("sensitivities", "a coefficient is wrong in its fourth digit", ESDIRK, "1.4888806111225146", "1.4898806111225146"),
    ("sensitivities", "a coefficient between steps is wrong in its fourth digit", ESDIRK, "1.0526258020007539", "1.0536258020007539"),
    ("sensitivities", "a stage looks at J at the wrong moment", ESDIRK, "0.90837696335078533", "0.89837696335078533"),
    ("sensitivities", "J is taken not to change within the step", SENSITIVITIES,
     "node_[k] = output.state(k, node_weights.at[Stage - 2], [](Pack value) { return value; });", "node_[k] = now.y[k];"),
    ("sensitivities", "a phase begins with the rates of the one before", SENSITIVITIES,
     "        begin_slopes(lane, y, coefficients);\n        forcing", "        forcing"),
    ("sensitivities", "a lane whose step is rejected takes over the rates at its end", SENSITIVITIES,
     "*next_slopes_.at(i) = select(accepted, *next_slopes_.at(i), *slopes_.at(i));", "(void)slopes_;"),
    ("sensitivities", "their errors are measured by a thousand times the largest value so far", SENSITIVITIES,
     "largest_so_far * Pack(0.1)", "largest_so_far * Pack(1000.0)"),
    ("sensitivities", "a quantity inherits the forcing of the one before", SENSITIVITIES,
     "            forcing_.clear(q, forcing);\n", ""),
    ("sensitivities", "a setting does not act at the beginning of a phase", FORCING,
     "lane_in(slopes[k], lane) = lane_in(slopes[k], lane) + here[k].v;", "(void)slopes[k];"),
    ("sensitivities", "a setting acts in all lanes", FORCING,
     "rates[k] = rates[k] + select(follows, slopes[k], Pack(0.0));", "rates[k] = rates[k] + slopes[k];"),
    ("sensitivities", "a later moment counts as an earlier one", SENSITIVITIES,
     "other_rate[k].v - rate[k].v", "rate[k].v - other_rate[k].v"),
    ("sensitivities", "a setting follows its parameter under an event, too", "scenarios/sensitivities.cpp",
     "ruler == quantity.target.index : !ruler;", "ruler == quantity.target.index : true;"),
    ("sweeps", "a member that Odeint ran is stored in the place of another", "scenarios/run.cpp",
     "block.columns.data() + from * block.size + index * n_times);",
     "block.columns.data() + index * course.columns.size() + from);"),
    ("tissue", "macrophages that meet the dead make no IL-10 for it", BEHAVIOURS,
     "il10.il10_macrophage_secretion + il10.il10_efferocytic_secretion", "il10.il10_macrophage_secretion"),
    ("tissue", "osteoclasts die a tenth faster", BEHAVIOURS, ".osteoclast_loss = of_one.osteoclast_death,",
     ".osteoclast_loss = 1.1 * of_one.osteoclast_death,"),
    ("tissue", "neutrophils secrete a tenth more TNF", TISSUE, "source(Field::tnf, neutrophil_here.tnf);",
     "source(Field::tnf, 1.1 * neutrophil_here.tnf);"),
    ("tissue", "stroma makes no PGE2", TISSUE, "            source(Field::pge2, does.pge2);\n", ""),
    ("tissue", "the dead are not met", TISSUE, "                    source(Field::dead_neutrophils, 1 / step); // (A6)\n", ""),
    ("tissue", "a neutrophil's pro-IL-1beta is lost with it", TISSUE,
     "                shed_[home] += store; // (A8)\n", ""),
    ("tissue", "a tenth too many cells arrive", TISSUE,
     "const double share = marrow() / static_cast<double>(vessel_voxels_.size());",
     "const double share = 1.1 * marrow() / static_cast<double>(vessel_voxels_.size());"),
    ("tissue", "nobody dies in the step in which it comes", TISSUE, "share * step * left, purpose, v)", "share * step, purpose, v)"),
    ("tissue", "who dies in the step in which it comes leaves nothing", TISSUE,
     "dead * damage_of_death(world_));", "0 * dead * damage_of_death(world_));"),
    ("tissue", "what is laid is not counted", BONE, "    formed_[column] += laid;\n", ""),
    ("tissue", "a footprint eats a tenth more than its rate", BONE, "const double eaten = before * x / (1 + x / 2);",
     "const double eaten = 1.1 * before * x / (1 + x / 2);"),
    ("tissue", "after a restart the random numbers are those of the next step", "scenarios/spatial/checkpoint.cpp",
     "step_number_ = static_cast<std::uint32_t>(numbers[0]);", "step_number_ = static_cast<std::uint32_t>(numbers[0]) + 1;"),
    ("tissue", "the chance of an event is its rate times the step", "solvers/agents/turning.hpp",
     "return 1 - exponential(", "return expected + 0 * exponential("),
]


def run(*command, **how):
    return subprocess.run(command, capture_output=True, text=True, **how)


def build(folder, *programs):
    done = run("cmake", "--build", str(folder / "build"), "--target", *programs)
    return None if done.returncode == 0 else (done.stdout + done.stderr)


def programs(area):
    return TISSUE_PROGRAMS if area == "tissue" else PROGRAMS


def failures(folder, program, area):
    """What fails of one program."""
    names = []
    for words in programs(area)[program]:
        try:
            done = run(str(folder / "build" / program), words, "-r", "xml", timeout=120,
                       env={"OSTEOFLARE_LIBRARY": str(folder / "source/scenarios/library")})
            cases = xml.etree.ElementTree.fromstring(done.stdout).iter("TestCase")
            failed = [case.get("name") for case in cases if case.find("OverallResult").get("success") == "false"]
            names += [f"{program.removeprefix('test_')}: {name}" for name in failed]
        except subprocess.TimeoutExpired:
            names.append(f"{program} {words} does not end")
        except xml.etree.ElementTree.ParseError:
            names.append(f"{program} {words} crashes")
    return list(dict.fromkeys(names))


def noticed(folder, area=""):
    """What fails of the first program in which something fails."""
    for program in sorted(programs(area), key=lambda name: name != FIRST.get(area)):
        trouble = build(folder, program)
        names = ["**does not build**: " + trouble[-2000:]] if trouble else failures(folder, program, area)
        if names:
            return names
    return []


def main():
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    folder, words = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2:]
    source = folder / "source"
    shutil.rmtree(source, ignore_errors=True)
    for name in run("git", "-C", str(ROOT), "ls-files").stdout.split("\n")[:-1]:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, source / name)
    kernels = source / "solvers/lanes/kernels.cmake"  # two instruction sets are enough to notice, and quicker to build
    kernels.write_text(kernels.read_text().replace("avx512 avx2 portable", "avx2 portable"))
    engines = source / "solvers/lanes/engines.cpp"
    engines.write_text(engines.read_text().replace('{"avx512", "avx2", "portable"}', '{"avx2", "portable"}'))
    configured = run("cmake", "-S", str(source), "-B", str(folder / "build"), "-G", "Ninja", "-D", "CMAKE_BUILD_TYPE=Release",
                     "-D", "CMAKE_CXX_FLAGS_RELEASE=-O1 -DNDEBUG", "-D", "OSTEOFLARE_TESTS=ON")
    trouble = configured.stderr if configured.returncode else build(folder, *{**PROGRAMS, **TISSUE_PROGRAMS})
    if trouble:
        sys.exit(trouble)
    areas = ["tissue"] if words == ["tissue"] else ["", "tissue"]
    failing = [name for area in areas for name in noticed(folder, area)]
    print("without a fault:", "; ".join(failing) or "nothing fails", flush=True)
    print("\n| area | fault | noticed by |\n|---|---|---|", flush=True)
    missed = 0
    for area, what, name, there, instead in FAULTS:
        if words and not any(word in f"{area} {what}" for word in words):
            continue
        file = source / name
        intact = file.read_text()
        if intact.count(there) != 1:
            names = [f"**not inserted**: {name} reads otherwise now"]
            missed += 1
        else:
            file.write_text(intact.replace(there, instead))
            names = noticed(folder, area)
            file.write_text(intact)
            missed += not names or names[0].startswith("**")
        print(f"| {area} | {what} | {'<br>'.join(names) or '**nothing**'} |", flush=True)
    print(f"\n{missed} faults were not noticed" if missed else "\nall faults were noticed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
