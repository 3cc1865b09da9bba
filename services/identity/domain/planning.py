"""The plan of changes: what will be created and changed, in the order in which it can be written."""

from dataclasses import dataclass, field
from typing import Generic, TypeVar

from services.identity.domain.directory import Directory, Wanted
from services.identity.domain.people import PersonFacts, PostFacts
from services.identity.domain.units import UnitFacts

F = TypeVar("F", UnitFacts, PersonFacts, PostFacts)


@dataclass(frozen=True)
class Change(Generic[F]):
    """One unit, person or post as it will be, and as it is (None: new)."""

    after: F
    before: F | None

    @property
    def is_new(self) -> bool:
        return self.before is None


@dataclass(frozen=True)
class Plan:
    """Everything that will be done; parents come before the units below them.

    `appointments` and `dismissals` are pairs of post code and person code. What was not wanted
    stays as is.
    """

    units: list[Change[UnitFacts]] = field(default_factory=list)
    persons: list[Change[PersonFacts]] = field(default_factory=list)
    posts: list[Change[PostFacts]] = field(default_factory=list)
    appointments: list[tuple[str, str]] = field(default_factory=list)
    dismissals: list[tuple[str, str]] = field(default_factory=list)
    unchanged: int = 0

    @property
    def is_empty(self) -> bool:
        return not (self.units or self.persons or self.posts or self.appointments or self.dismissals)


def plan_changes(wanted: Wanted, existing: Directory) -> Plan:
    """The plan for wanted changes that nothing speaks against."""
    units = [
        Change(unit, existing.units.get(unit.code))
        for unit in _parents_first(wanted.units)
        if existing.units.get(unit.code) != unit
    ]
    persons = [
        Change(person, existing.persons.get(person.code))
        for person in wanted.persons.values()
        if existing.persons.get(person.code) != person
    ]
    posts: list[Change[PostFacts]] = []
    appointments: list[tuple[str, str]] = []
    dismissals: list[tuple[str, str]] = []
    for post in wanted.posts.values():
        before = existing.posts.get(post.code)
        held = before.holder_codes if before else frozenset()
        appointments.extend((post.code, person) for person in sorted(post.holder_codes - held))
        dismissals.extend((post.code, person) for person in sorted(held - post.holder_codes))
        if before is None or _itself(before) != _itself(post):
            posts.append(Change(post, before))
    changed = len(units) + len(persons) + len(posts)
    total = len(wanted.units) + len(wanted.persons) + len(wanted.posts)
    return Plan(units, persons, posts, appointments, dismissals, total - changed)


def _itself(post: PostFacts) -> tuple[object, ...]:
    """A post without its holders, whose coming and going are changes of their own."""
    return (post.unit_code, post.title, post.roles, post.scope_codes, post.position)


def _parents_first(units: dict[str, UnitFacts]) -> list[UnitFacts]:
    ordered: dict[str, UnitFacts] = {}

    def place(unit: UnitFacts) -> None:
        if unit.code in ordered:
            return
        above = units.get(unit.parent_code or "")
        if above is not None:
            place(above)
        ordered[unit.code] = unit

    for unit in units.values():
        place(unit)
    return list(ordered.values())
