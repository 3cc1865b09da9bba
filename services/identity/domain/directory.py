"""The directory as a whole: what exists, what is wanted, and what speaks against it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from services.identity.domain.people import PersonFacts, PostFacts
from services.identity.domain.units import UnitFacts


class Table(StrEnum):
    """The three tables of the directory."""

    UNITS = "units"
    PERSONS = "persons"
    POSTS = "posts"


@dataclass(frozen=True)
class Complaint:
    """What speaks against one wanted row, said of one of its fields."""

    table: Table
    code: str
    field: str
    message: str


@dataclass
class Wanted:
    """The units, persons and posts as they are to be, by code.

    `named` holds the codes that were spoken of, also where the facts could not be understood, so that one mistake
    is not reported on every row that names it. `unread` holds the fields of a row that could not be understood: what
    stands there is not what is wanted, and rules that read it are not asked.
    """

    units: dict[str, UnitFacts] = field(default_factory=dict)
    persons: dict[str, PersonFacts] = field(default_factory=dict)
    posts: dict[str, PostFacts] = field(default_factory=dict)
    named: set[tuple[Table, str]] = field(default_factory=set)
    unread: dict[tuple[Table, str], frozenset[str]] = field(default_factory=dict)

    @staticmethod
    def of(
        *,
        units: Iterable[UnitFacts] = (),
        persons: Iterable[PersonFacts] = (),
        posts: Iterable[PostFacts] = (),
    ) -> "Wanted":
        """A few facts wanted by hand."""
        wanted = Wanted(
            {unit.code: unit for unit in units},
            {person.code: person for person in persons},
            {post.code: post for post in posts},
        )
        wanted.named = {
            *((Table.UNITS, code) for code in wanted.units),
            *((Table.PERSONS, code) for code in wanted.persons),
            *((Table.POSTS, code) for code in wanted.posts),
        }
        return wanted


@dataclass(frozen=True)
class Directory:
    """Units, persons and posts by code: what exists, or what will.

    `gone` holds the codes of dissolved units and abolished posts, which are never given again.
    """

    units: dict[str, UnitFacts] = field(default_factory=dict)
    persons: dict[str, PersonFacts] = field(default_factory=dict)
    posts: dict[str, PostFacts] = field(default_factory=dict)
    gone: frozenset[tuple[Table, str]] = frozenset()

    def with_changes(self, wanted: Wanted) -> "Directory":
        """As it will be."""
        return Directory(
            {**self.units, **wanted.units}, {**self.persons, **wanted.persons}, {**self.posts, **wanted.posts}
        )

    def ancestry(self) -> dict[str, str | None]:
        """Every unit's parent, by code."""
        return {code: unit.parent_code for code, unit in self.units.items()}

    def posts_of(self, person_code: str) -> list[PostFacts]:
        """The posts that the person holds."""
        return [post for post in self.posts.values() if person_code in post.holder_codes]


@dataclass(frozen=True, kw_only=True)
class Authority:
    """What somebody may touch: the units that `covers` says yes to, and with `sets_up` the top as well.

    A person who holds no post is touched only by whoever covers everything.
    Only the operator on the server sets up top units. Administrators are set up by the operator, or by a security
    administrator post by post (`makes_administrators`): a system administrator who could make a security
    administrator would hold both offices through a friend.
    """

    covers: Callable[[str], bool] = lambda unit_code: True
    covers_everything: bool = True
    sets_up: bool = False
    makes_administrators: bool = False

    @property
    def may_make_administrators(self) -> bool:
        return self.sets_up or self.makes_administrators


OPERATOR = Authority(sets_up=True)
