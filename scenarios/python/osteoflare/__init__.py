"""Osteoflare in Python: innate-immune bone inflammation, from a scenario to numbers with names and units.

A scenario is a question that a file asks of a model (docs/reference/scenario_format.md). It is read, changed with units
as text, and run; what comes out is an xarray Dataset with the names, units and attributes of the results file that the
command line writes, bit for bit:

    import osteoflare

    mice = osteoflare.Scenario.from_toml("quickstart").sweep()
    mice.swelling.plot.line(x="time", hue="member")

Times are days (d), concentrations pM, cells per uL; every variable says its unit in `attrs["units"]`.
"""

from osteoflare._osteoflare import FileError, InputError
from osteoflare._osteoflare import version as __version__
from osteoflare._library import library
from osteoflare._results import open
from osteoflare.equations import Model, Quantity, Rates, model, models
from osteoflare.problem import Parameter, Problem
from osteoflare.scenario import Phase, Scenario, Setting
from osteoflare.trial import Trial

__all__ = ["FileError", "InputError", "Model", "Parameter", "Phase", "Problem", "Quantity", "Rates", "Scenario", "Setting",
           "Trial", "__version__", "library", "model", "models", "open"]
