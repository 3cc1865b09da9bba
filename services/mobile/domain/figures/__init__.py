"""The figures (指标): what is counted of the events, and how a figure comes of it; each is stated once, here."""

from services.mobile.domain.figures.declared import FIGURES, Figure, Form, Way, figure_of
from services.mobile.domain.figures.populations import (
    LASTING,
    PLANNED_MEETINGS,
    POPULATIONS,
    Population,
    Reach,
    population_of,
)

__all__ = [
    "FIGURES",
    "LASTING",
    "PLANNED_MEETINGS",
    "POPULATIONS",
    "Figure",
    "Form",
    "Population",
    "Reach",
    "Way",
    "figure_of",
    "population_of",
]
