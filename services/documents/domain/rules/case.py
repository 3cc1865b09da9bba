"""What the rules look at: the draft, who sends it to whom, what has been agreed, and who has signed."""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from uuid import UUID

from services.documents.domain.elements import Elements
from services.documents.domain.kinds import Direction
from services.documents.domain.limits import DEFAULT_LENGTH_LIMITS, AnnualQuota, LengthLimit, Scope


class Tier(IntEnum):
    """The level of government to which a unit belongs; a smaller number stands higher."""

    NATION = 0
    PROVINCE = 1
    CITY = 2
    COUNTY = 3
    TOWNSHIP = 4


class UnitKind(StrEnum):
    """What a unit is in the order of offices."""

    GOVERNMENT = "government"
    PARTY_COMMITTEE = "party_committee"
    OFFICE = "office"
    DEPARTMENT = "department"
    INTERNAL = "internal"


LEADING_KINDS = frozenset({UnitKind.GOVERNMENT, UnitKind.PARTY_COMMITTEE})
# How far below its government or committee a unit ranks: a city's bureau stands beside a county government.
_STEPS_BELOW = {
    UnitKind.GOVERNMENT: 0,
    UnitKind.PARTY_COMMITTEE: 0,
    UnitKind.OFFICE: 1,
    UnitKind.DEPARTMENT: 1,
    UnitKind.INTERNAL: 2,
}


@dataclass(frozen=True, kw_only=True)
class Unit:
    """One unit as the rules see it.

    `superiors` are the units it belongs to, the nearest first (a county bureau: its county government, then the
    city's). `guided_by` are the upper departments of its line, nearest first (业务指导). `dual_leaders` are all its
    leading units when it has more than one (双重领导). `other_names` may stand on its documents beside its full name:
    its short name, and for a 办公厅(室) those of the government in whose name it writes.
    """

    id: UUID
    name: str
    tier: Tier
    kind: UnitKind
    superiors: tuple[UUID, ...] = ()
    guided_by: tuple[UUID, ...] = ()
    dual_leaders: frozenset[UUID] = frozenset()
    other_names: tuple[str, ...] = ()

    @property
    def rank(self) -> int:
        return self.tier + _STEPS_BELOW[self.kind]

    @property
    def speaks_for(self) -> frozenset[UUID]:
        """The unit itself, and for a 办公厅(室) its government as well, in whose name it writes (第十六条（二）)."""
        return frozenset({self.id, *(self.superiors[:1] if self.kind is UnitKind.OFFICE else ())})

    def is_above(self, other: "Unit") -> bool:
        """Whether this unit leads or guides the other (隶属 or 业务指导)."""
        return not self.speaks_for.isdisjoint({*other.superiors, *other.guided_by, *other.dual_leaders})


@dataclass(frozen=True, kw_only=True)
class Addressee:
    """To whom a document goes: a unit, or a leader of it by name or post."""

    unit: Unit
    leader: bool = False


@dataclass(frozen=True, kw_only=True)
class Signing:
    """One unit's approval to issue (签发): by whom, whether the principal leader, with what opinion, on which day."""

    unit_id: UUID
    name: str
    principal: bool
    opinion: str = ""
    signed_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a person states about a draft because no program can read it from the text.

    `agreed` are the organs that agreed with the present text, `agreement_lapsed` those that agreed with an earlier one.
    """

    scope: Scope = Scope.SPECIFIC
    important: bool = False
    major_matter: bool = False
    government_consent: bool = False
    entrusted_by_leader: bool = False
    in_leaders_name: bool = False
    forwards_a_request: bool = False
    gives_own_opinion: bool = False
    concerned: frozenset[UUID] = frozenset()
    consulted: frozenset[UUID] = frozenset()
    agreed: frozenset[UUID] = frozenset()
    agreement_lapsed: frozenset[UUID] = frozenset()
    changed_after_signing: bool = False
    approved_again: bool = False


@dataclass(frozen=True, kw_only=True)
class Case:
    """Everything that the rules ask of one document on one day."""

    elements: Elements
    issuer: Unit
    today: date
    co_issuers: tuple[Unit, ...] = ()
    recipients: tuple[Addressee, ...] = ()
    copies: tuple[Addressee, ...] = ()
    facts: Facts = Facts()
    signings: tuple[Signing, ...] = ()
    length_limits: tuple[LengthLimit, ...] = DEFAULT_LENGTH_LIMITS
    quota: AnnualQuota | None = None
    issued_this_year: int = 0

    @property
    def issuers(self) -> tuple[Unit, ...]:
        return (self.issuer, *self.co_issuers)

    def direction_to(self, other: Unit) -> Direction:
        """Which way the document travels to that unit; between units that neither leads the other it is level."""
        if other.is_above(self.issuer):
            return Direction.UP
        return Direction.DOWN if self.issuer.is_above(other) else Direction.LEVEL

    def addressed(self, direction: Direction) -> list[Addressee]:
        """The main recipients (主送) that lie in that direction."""
        return [to for to in self.recipients if self.direction_to(to.unit) is direction]

    def copied(self, direction: Direction) -> list[Addressee]:
        """The copy recipients (抄送) that lie in that direction."""
        return [to for to in self.copies if self.direction_to(to.unit) is direction]

    @property
    def goes_up(self) -> bool:
        return bool(self.addressed(Direction.UP))

    @property
    def goes_down(self) -> bool:
        """Whether a unit that the issuer leads, or any unit of a lower tier, is a main recipient."""
        return any(
            self.direction_to(to.unit) is Direction.DOWN or to.unit.tier > self.issuer.tier
            for to in self.recipients
        )

    @property
    def named_ids(self) -> frozenset[UUID]:
        return frozenset(to.unit.id for to in (*self.recipients, *self.copies))


def names(units: list[Unit] | list[Addressee]) -> str:
    """Unit names in one line for a message."""
    return "、".join(each.unit.name if isinstance(each, Addressee) else each.name for each in units)
