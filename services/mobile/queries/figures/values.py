"""The figures' values: for a unit and a period, split by the units below and by month."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from services.mobile.domain.figures import FIGURES, Figure, Form, Way
from services.mobile.domain.figures.periods import Period
from services.mobile.queries.figures.coverage import tallies_of, tally_divisions
from services.mobile.queries.figures.ground import ground_of
from services.mobile.queries.figures.plans import against_plans, planned_heads, planned_populations
from services.mobile.queries.figures.scope import Scope
from services.mobile.queries.figures.tallies import Tally, tally, tally_both, tally_by_unit
from shared.calendar_days import working_time
from shared.working_time import WorkingTime


@dataclass(frozen=True, kw_only=True)
class Part:
    """A figure for some unit or month: `value` as text with two decimals, None when there is nothing to divide by."""

    key: str = ""
    label: str = ""
    numerator: float
    denominator: int | None
    value: str | None


@dataclass(frozen=True, kw_only=True)
class FigureShown:
    """A figure as declared, and what it comes to."""

    figure: Figure
    part: Part


_DOCUMENTS_PLANNED = "documents_planned"


def list_figures(session: Session, scope: Scope, period: Period) -> list[FigureShown]:
    """Every figure over the whole scope."""
    ground = ground_of(session, scope, period)
    apart = [_DOCUMENTS_PLANNED, *planned_populations(ground.plans)]
    added, by_unit = tally_both(session, scope.ids, whole=_ADDED_UP, apart=apart, period=period)
    parted = {
        Way.PLAN: _together(_planned(by_unit).values()),
        Way.MEETINGS_PLAN: _together(against_plans(ground.plans, by_unit).values()),
        Way.COVERAGE: _together(tallies_of(ground.divisions).values()),
    }
    return [
        FigureShown(figure=figure, part=_part(figure, parted.get(figure.way, added), period, ground.time))
        for figure in FIGURES.values()
    ]


def show_figure(session: Session, figure: Figure, scope: Scope, period: Period) -> FigureShown:
    """One figure over the whole scope."""
    time = working_time(session)
    return FigureShown(figure=figure, part=_whole(session, figure, scope, period, time))


def split_by_unit(session: Session, figure: Figure, scope: Scope, period: Period) -> list[Part]:
    """The figure for the scope's unit by itself and for each unit directly below it with all below that.

    Units without any items are left out.
    """
    time = working_time(session)
    branches: dict[UUID, Tally] = {}
    for unit_id, amounts in _by_unit(session, figure, scope, period).items():
        branches.setdefault(scope.branches[unit_id], Counter()).update(amounts)
    return [
        _part(figure, branches[unit_id], period, time, key=str(unit_id), label=_label(scope, unit_id))
        for unit_id in scope.children
        if any(branches.get(unit_id, {}).values())
    ]


def split_by_month(session: Session, figure: Figure, scope: Scope, period: Period) -> list[Part]:
    """The figure for each month of the period so far."""
    time = working_time(session)
    parts = []
    for month in period.months():
        key = f"{month.first:%Y-%m}"
        part = _whole(session, figure, scope, month, time)
        parts.append(
            Part(**{**vars(part), "key": key, "label": f"{month.first.year}年{month.first.month}月"})
        )
    return parts


def _label(scope: Scope, unit_id: UUID) -> str:
    return f"{scope.name}本级" if unit_id == scope.root and len(scope.units) > 1 else scope.name_of(unit_id)


def _whole(session: Session, figure: Figure, scope: Scope, period: Period, time: WorkingTime) -> Part:
    if figure.way in _PARTED:
        amounts = _together(_PARTED[figure.way](session, scope, period).values())
    else:
        amounts = tally(session, scope.ids, figure.populations, period)
    return _part(figure, amounts, period, time)


def _by_unit(session: Session, figure: Figure, scope: Scope, period: Period) -> Mapping[UUID, Tally]:
    if figure.way in _PARTED:
        return _PARTED[figure.way](session, scope, period)
    return tally_by_unit(session, scope.ids, figure.populations, period)


def _documents_against_plans(session: Session, scope: Scope, period: Period) -> Mapping[UUID, Tally]:
    return _planned(tally_by_unit(session, scope.ids, [_DOCUMENTS_PLANNED], period))


def _meetings_against_plans(session: Session, scope: Scope, period: Period) -> Mapping[UUID, Tally]:
    plans = planned_heads(session, scope, period.as_of)
    return against_plans(plans, tally_by_unit(session, list(plans), planned_populations(plans), period))


_PARTED: Mapping[Way, Callable[[Session, Scope, Period], Mapping[UUID, Tally]]] = {
    Way.PLAN: _documents_against_plans,
    Way.MEETINGS_PLAN: _meetings_against_plans,
    Way.COVERAGE: tally_divisions,
}
# The populations of all other figures.
_ADDED_UP = sorted(
    {name for figure in FIGURES.values() if figure.way not in _PARTED for name in figure.populations}
)


def _planned(by_unit: Mapping[UUID, Tally]) -> dict[UUID, Tally]:
    """Only organs that have a plan: what others issued is measured by nothing."""
    return {
        unit_id: amounts for unit_id, amounts in by_unit.items() if amounts[_DOCUMENTS_PLANNED, "plans"] > 0
    }


def _together(tallies: Iterable[Tally]) -> Tally:
    added: Tally = Counter()
    for amounts in tallies:
        for of, amount in amounts.items():
            added[of] += amount
    return added


def _part(
    figure: Figure, amounts: Tally, period: Period, time: WorkingTime, *, key: str = "", label: str = ""
) -> Part:
    numerator, denominator = _amounts(figure, amounts, period, time)
    return Part(
        key=key,
        label=label,
        numerator=(numerator or 0) / 2 if figure.form is Form.DAYS else numerator or 0,
        denominator=None if figure.form is Form.COUNT else denominator,
        value=None if numerator is None else _text(figure.form, numerator, denominator),
    )


def _amounts(figure: Figure, amounts: Tally, period: Period, time: WorkingTime) -> tuple[int | None, int]:
    """Numerator and denominator; a mean's numerator in half days, None where the calendar does not reach so far."""
    if figure.way in (Way.MEETINGS_PLAN, Way.COVERAGE):
        return amounts["", "numerator"], amounts["", "denominator"]
    top, bottom = amounts[figure.of, figure.numerator], amounts[figure.of, figure.denominator]
    if figure.way is not Way.MEAN:
        return top, bottom
    still = {name: amounts[figure.open_in, name] for name in ("timed", "running", "started", "used")}
    now = time.at(period.as_of) if still["running"] else 0
    if now is None:
        return None, bottom + still["timed"]
    return top + still["running"] * now - still["started"] + still["used"], bottom + still["timed"]


def _text(form: Form, numerator: int, denominator: int) -> str | None:
    """Two decimals, cut off and not rounded, so that 100.00 means all."""
    if form is Form.COUNT:
        return str(numerator)
    if not denominator:
        return None
    hundredths = abs(numerator) * (10_000 if form is Form.PERCENT else 50) // denominator
    sign = "-" if numerator < 0 < hundredths else ""
    return f"{sign}{hundredths // 100}.{hundredths % 100:02}"
