"""The figures, one file each; every module here declares one as `FIGURE`."""

from importlib import import_module
from pkgutil import iter_modules

from tests.bench.figure import Figure


def all_figures() -> list[Figure]:
    """Every figure, in the order in which the table shows them."""
    found = [import_module(f"{__name__}.{module.name}").FIGURE for module in iter_modules(__path__)]
    return sorted(found, key=lambda figure: (figure.order, figure.name))
