"""How long a document is kept (保管期限): the first rule of the schedule in force that matches decides, and
says why.

The schedule is data. An administrator changes it by putting a new version in force with the consent of the
archive authority (国家档案局令第8号 第十二条); decisions already made keep the version that they were made
by.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from services.archives.domain.archival_number import Retention
from shared.events.dossier import Direction, Dossier, Handling, Importance, ReceivedAs, Relation

# What stands in place of a row of the schedule where a person ruled.
RULED = "人工"


@dataclass(frozen=True, kw_only=True)
class RetentionRule:
    """One row of the schedule: when every stated condition holds, `retention` applies.

    An empty condition matches everything; within a condition one hit is enough; title keywords are plain
    parts of the title. `retention` None means "not to be filed" (不归档). `material` names the row for
    people, `source` the regulation behind it.
    """

    code: str
    material: str
    retention: Retention | None
    source: str
    directions: frozenset[Direction] = field(default_factory=frozenset)
    kinds: frozenset[str] = field(default_factory=frozenset)
    relations: frozenset[Relation] = field(default_factory=frozenset)
    importance: frozenset[Importance] = field(default_factory=frozenset)
    handling: frozenset[Handling] = field(default_factory=frozenset)
    received_as: frozenset[ReceivedAs] = field(default_factory=frozenset)
    subject_classes: frozenset[str] = field(default_factory=frozenset)
    title_keywords: tuple[str, ...] = ()

    def matches(self, dossier: Dossier) -> bool:
        facts = (
            (self.directions, dossier.direction),
            (self.kinds, dossier.kind),
            (self.relations, dossier.issuer_relation),
            (self.importance, dossier.importance or Importance.GENERAL),
            (self.handling, dossier.handling),
            (self.received_as, dossier.received_as),
            (self.subject_classes, dossier.subject_class),
        )
        if any(wanted and found not in wanted for wanted, found in facts):
            return False
        return not self.title_keywords or self.keyword_in(dossier.title) is not None

    def keyword_in(self, title: str) -> str | None:
        """The keyword that the title contains, if any; line breaks of the layout do not hide it."""
        joined = "".join(title.split())
        return next((word for word in self.title_keywords if word in joined), None)


@dataclass(frozen=True, kw_only=True)
class RetentionSchedule:
    """A version of the 保管期限表: in force from a day on, with the authority's consent."""

    version: str
    effective_from: date
    approval: str
    rules: tuple[RetentionRule, ...]


@dataclass(frozen=True, kw_only=True)
class RetentionDecision:
    """What was decided and by which row; `retention` is None when it is not to be filed (不归档)."""

    retention: Retention | None
    rule_code: str
    material: str
    source: str
    schedule_version: str
    explanation: str

    @property
    def to_be_filed(self) -> bool:
        return self.retention is not None


class NoScheduleInForce(LookupError):
    """No version of the schedule was in force on that day."""


def schedule_in_force(schedules: Iterable[RetentionSchedule], on: date) -> RetentionSchedule:
    """The version that applies on that day: the latest one already in force; NoScheduleInForce when there
    is none.
    """
    started = [schedule for schedule in schedules if schedule.effective_from <= on]
    if not started:
        raise NoScheduleInForce(f"{on.isoformat()} 尚无生效的保管期限表")
    return max(started, key=lambda schedule: (schedule.effective_from, schedule.version))


def decide_retention(dossier: Dossier, schedule: RetentionSchedule) -> RetentionDecision:
    """The retention of the document, by the first rule that matches."""
    rule = next((rule for rule in schedule.rules if rule.matches(dossier)), None)
    if rule is None:
        raise NoScheduleInForce(f"保管期限表 {schedule.version} 没有适用于《{dossier.title}》的条目")
    return RetentionDecision(
        retention=rule.retention,
        rule_code=rule.code,
        material=rule.material,
        source=rule.source,
        schedule_version=schedule.version,
        explanation=_explain(dossier, rule, schedule=schedule),
    )


def ruled_retention(
    automatic: RetentionDecision | None, *, retention: Retention | None, by: str, on: date, reason: str
) -> RetentionDecision:
    """What a person ruled against the schedule, and what the schedule would have said, if anything."""
    result = f"保管期限{retention.term}" if retention else "不归档"
    before = automatic.retention.term if automatic and automatic.retention else "不归档"
    instead = f"；原按保管期限表：{before}（第 {automatic.rule_code} 条）" if automatic else ""
    return RetentionDecision(
        retention=retention,
        rule_code=RULED,
        material=automatic.material if automatic else "",
        source=reason,
        schedule_version=automatic.schedule_version if automatic else "",
        explanation=f"{result}：{by}于 {on.isoformat()} 决定，理由：{reason}{instead}",
    )


def _explain(dossier: Dossier, rule: RetentionRule, *, schedule: RetentionSchedule) -> str:
    keyword = rule.keyword_in(dossier.title)
    because = f"，标题含“{keyword}”" if keyword else ""
    result = f"保管期限{rule.retention.term}" if rule.retention else "不归档"
    row = f"保管期限表 {schedule.version} 第 {rule.code} 条“{rule.material}”"
    return f"{result}：符合{row}{because}；依据：{rule.source}"


def schedule_faults(schedule: RetentionSchedule) -> tuple[str, ...]:
    """Why a schedule may not be put in force, in Chinese; empty when it is sound."""
    faults = []
    codes = [rule.code for rule in schedule.rules]
    faults += [f"条目编号 {code} 重复" for code in sorted({code for code in codes if codes.count(code) > 1})]
    if not schedule.approval.strip():
        faults.append("缺少档案主管部门的审查同意意见")
    faults += [f"第 {rule.code} 条缺少依据" for rule in schedule.rules if not rule.source.strip()]
    faults += _unreachable(schedule.rules)
    return tuple(faults)


def _unreachable(rules: Sequence[RetentionRule]) -> list[str]:
    # Without a last row that takes everything, some document would be left without a decision.
    open_rules = [place for place, rule in enumerate(rules) if not _conditions(rule)]
    if not open_rules:
        return ["最后应有一条适用于所有文件的条目"]
    return [f"第 {rule.code} 条排在兜底条目之后，永远不会用到" for rule in rules[open_rules[0] + 1 :]]


def _conditions(rule: RetentionRule) -> tuple[object, ...]:
    stated = (
        rule.directions,
        rule.kinds,
        rule.relations,
        rule.importance,
        rule.handling,
        rule.received_as,
        rule.subject_classes,
        rule.title_keywords,
    )
    return tuple(condition for condition in stated if condition)
