"""Models as functions: their rates and Jacobians, for integrators and root finders of others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy
from numpy.typing import ArrayLike, NDArray

from osteoflare import _osteoflare

Array = NDArray[numpy.float64]


class Quantity(NamedTuple):
    """A species, parameter, input, read-out or flux of a model."""

    name: str
    symbol: str  #: as on paper
    unit: str
    default: float  #: in its unit; 0 for what is computed
    origin: str  #: how the number is known: literature range, calibrated, assumed …
    meaning: str


class Rates:
    """dy/dt = f(t, y) of a model whose settings stay as they are; usable with scipy.integrate.solve_ivp.

        niche = osteoflare.model("niche")
        rates = niche.rates(il10_competence=0.2)
        solution = solve_ivp(rates, (0, 100), niche.start_state, jac=rates.jacobian, method="Radau")

    `t` is in d, `y` has the model's species in their order and units. The models' equations do not depend on `t`.
    """

    def __init__(self, model: Model, settings: Array) -> None:
        self.model = model
        self.settings = settings  #: values of all settings, in the order and units of model.settings
        self._rates = _osteoflare.Rates(model.name, settings.tolist())

    def __call__(self, t: float, y: ArrayLike) -> Array:
        """The rate of each species, in its unit per d; shape (species,)."""
        return self._rates(t, y)

    def jacobian(self, t: float, y: ArrayLike) -> Array:
        """df_i/dy_j, exact to rounding; shape (species, species)."""
        return self._rates.jacobian(t, y)

    def observables(self, y: ArrayLike) -> dict[str, float]:
        """Read-outs and fluxes of a state by name, in the units of model.readouts and model.fluxes."""
        names = [entry.name for entry in (*self.model.readouts, *self.model.fluxes)]
        return dict(zip(names, self._rates.observables(y).tolist()))


class Model:
    """A model of `osteoflare list models`, as osteoflare.model(name) gives it.

    It has `name`, `title` and `source`, and as tuples of Quantity its `species`, `settings` (parameters, then inputs),
    `readouts` and `fluxes`.
    """

    def __init__(self, name: str) -> None:
        own = _osteoflare.model(name)
        self.name: str = own.name
        self.title: str = own.title
        self.source: str = own.source
        self.species = tuple(Quantity(*entry) for entry in own.species)
        self.settings = tuple(Quantity(*entry) for entry in own.settings)  #: parameters, then inputs
        self.readouts = tuple(Quantity(*entry) for entry in own.readouts)
        self.fluxes = tuple(Quantity(*entry) for entry in own.fluxes)

    def __repr__(self) -> str:
        return f"Model {self.name}: {self.title}"

    @property
    def start_state(self) -> Array:
        """The species' defaults, in their units; shape (species,)."""
        return numpy.array([entry.default for entry in self.species])

    def rates(self, settings: Mapping[str, float | str] | None = None, /, **more: float | str) -> Rates:
        """The rates under these settings, the others at their defaults. Numbers are in the setting's unit; texts carry
        their own, as in "20 /d". For the settings that rule in a scenario: Scenario.phases. Raises InputError."""
        position = {entry.name: number for number, entry in enumerate(self.settings)}
        values = numpy.array([entry.default for entry in self.settings])
        for name, value in {**(settings or {}), **more}.items():
            if name not in position:
                raise _osteoflare.InputError(f"rates:1:1: unknown setting '{name}' (the model {self.name} has no such "
                                             f"parameter or input); see osteoflare.model(\"{self.name}\").settings")
            number = position[name]
            values[number] = _osteoflare.in_unit(value, self.settings[number].unit) if isinstance(value, str) else value
        return Rates(self, values)


def model(name: str) -> Model:
    """The model of this name. Raises InputError, which suggests the nearest, for an unknown one."""
    return Model(name)


def models() -> list[str]:
    """Names of all models."""
    return _osteoflare.models()
