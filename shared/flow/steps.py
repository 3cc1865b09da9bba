"""What a definition says of a step beyond BPMN: who does it, when it is done, what may be done with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class AssignBy(StrEnum):
    """How the posts that get a step are found."""

    STARTER = "starter"
    CHOSEN = "chosen"
    HOLDERS = "holders"
    PERFORMER = "performer"


class Rule(StrEnum):
    """When a step that several posts work on is done."""

    ALL = "all"
    ANY = "any"
    SHARE = "share"


class Verb(StrEnum):
    """What the holder of an item may do besides completing it."""

    ADD_SIGNER = "add_signer"
    RETURN = "return"
    TRANSFER = "transfer"
    WITHDRAW = "withdraw"


VERB_NAMES: dict[Verb, str] = {
    Verb.ADD_SIGNER: "加签",
    Verb.RETURN: "退回",
    Verb.TRANSFER: "转办",
    Verb.WITHDRAW: "撤回",
}

# The unit whose posts are meant by `holders`: the one that owns the instance, or the one above it.
UNIT_RELATIONS = ("owner", "superior")


class Reach(StrEnum):
    """Whose posts may be given a step, besides the owner organ's and its inner offices'."""

    OWNER = "owner"
    SUPERIOR = "superior"
    ANYWHERE = "anywhere"


class VariableType(StrEnum):
    """The types a flow variable may have."""

    BOOLEAN = "boolean"
    INTEGER = "integer"
    TEXT = "text"


_DEFAULTS: dict[VariableType, Any] = {
    VariableType.BOOLEAN: False,
    VariableType.INTEGER: 0,
    VariableType.TEXT: "",
}
_TYPE_NAMES = {VariableType.BOOLEAN: "是或否", VariableType.INTEGER: "整数", VariableType.TEXT: "文字"}

MAX_TEXT = 200
MAX_INTEGER = 10**9


@dataclass(frozen=True, slots=True)
class Variable:
    """A fact of the instance that conditions may ask about; `values` limits a text to these."""

    name: str
    type: VariableType
    label: str = ""
    values: tuple[str, ...] = ()

    @property
    def default(self) -> Any:
        return _DEFAULTS[self.type]

    @property
    def expected(self) -> str:
        """What a value must be, in Chinese."""
        return "、".join(self.values) + "之一" if self.values else _TYPE_NAMES[self.type]

    def accepts(self, value: Any) -> bool:
        """Whether the value has the variable's type; True and False are not integers here."""
        if type(value) is not type(self.default):
            return False
        if isinstance(value, str):
            return len(value) <= MAX_TEXT and (not self.values or value in self.values or value == "")
        return isinstance(value, bool) or abs(value) <= MAX_INTEGER


@dataclass(frozen=True, slots=True)
class Outcome:
    """One of the results that a step may have (`agree` 同意)."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who gets a step: `holders` of `permission` in `unit`, `chosen` posts (that must have `permission` if one is
    named), the `performer` of the first of other `steps` that was done, or the `starter` of the flow.
    """

    by: AssignBy
    permission: str = ""
    unit: str = "owner"
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Completion:
    """When the step is done; `ratio` (0 < ratio <= 1) is the share of items needed with `share`."""

    rule: Rule = Rule.ALL
    ratio: float = 1.0


@dataclass(frozen=True, slots=True)
class Step:
    """A user task: a step of the work that a post must do.

    `limit_days` are working days from arrival; `work_kind` is what a delegation names; `asks` are the
    variables that whoever completes the step may set; an `optional` step for which nobody is chosen is
    passed over; `chooses` limits the coming steps for which its completer may choose posts, None being all that
    come next; `with_lead` means that one of several posts is named as lead (主办). What a `final` step did has
    left the house (a receipt, a number, the issue), so it is neither withdrawn nor undone by a return. `reach` says
    how far from the owner organ the posts may be that are chosen for it, added to it, or handed it.
    """

    id: str
    name: str
    assign: Assignment
    completion: Completion = field(default_factory=Completion)
    limit_days: int | None = None
    work_kind: str = ""
    verbs: frozenset[Verb] = frozenset(Verb)
    optional: bool = False
    with_lead: bool = False
    final: bool = False
    reach: Reach = Reach.OWNER
    outcomes: tuple[Outcome, ...] = ()
    asks: tuple[str, ...] = ()
    chooses: tuple[str, ...] | None = None

    def outcome_label(self, value: str) -> str:
        """The Chinese name of an outcome, empty when there is none."""
        return next((outcome.label for outcome in self.outcomes if outcome.value == value), "")

    def accepts_outcome(self, value: str) -> bool:
        """Whether the step may end with that outcome; a step that declares none ends with the empty one."""
        return value in {outcome.value for outcome in self.outcomes} if self.outcomes else value == ""


def step_outcome(step: Step, given: Mapping[str, int]) -> str:
    """The one outcome of a step whose items ended with `given` (outcome to count of items).

    Outcomes are declared from the mildest to the gravest. With `share` the most frequent counts, else the
    gravest (one 不同意 among ten 同意 is not overlooked); a tie goes to the graver.
    """
    ranked = [(outcome.value, rank) for rank, outcome in enumerate(step.outcomes) if given.get(outcome.value)]
    if not ranked:
        return ""
    if step.completion.rule is Rule.SHARE:
        return max(ranked, key=lambda pair: (given[pair[0]], pair[1]))[0]
    return max(ranked, key=lambda pair: pair[1])[0]


def rule_holds(completion: Completion, *, done: int, total: int) -> bool:
    """Whether enough of a step's items are done."""
    if completion.rule is Rule.ALL:
        return done >= total
    if completion.rule is Rule.ANY:
        return done >= 1
    return done >= 1 and done >= completion.ratio * total - 1e-9
