"""What is asked of the figures: values, their split, and the items behind them."""

from services.mobile.queries.figures.items import (
    FigureRow,
    ItemPart,
    list_items,
    list_items_for_export,
)
from services.mobile.queries.figures.scope import Scope, scope_of
from services.mobile.queries.figures.values import (
    FigureShown,
    Part,
    list_figures,
    show_figure,
    split_by_month,
    split_by_unit,
)

__all__ = [
    "FigureRow",
    "FigureShown",
    "ItemPart",
    "Part",
    "Scope",
    "list_figures",
    "list_items",
    "list_items_for_export",
    "scope_of",
    "show_figure",
    "split_by_month",
    "split_by_unit",
]
