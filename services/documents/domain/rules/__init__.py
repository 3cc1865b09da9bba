"""The rules of official documents that a program can check (行文规则), as one table.

Source: 党政机关公文处理工作条例. An empty article means that the rule is known from practice and that no clause
could be verified. R14, the reviewer's own judgement, is `REVIEW_POINTS`: a list to tick, not a check.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from services.documents.domain.findings import REGULATION, Finding, Level, Objection
from services.documents.domain.limits import SOURCE as LIMITS_SOURCE
from services.documents.domain.rules import downward, form, signing, upward
from services.documents.domain.rules.case import Addressee, Case, Facts, Signing, Tier, Unit, UnitKind

__all__ = [
    "REVIEW_POINTS",
    "RULES",
    "Addressee",
    "Case",
    "Facts",
    "Rule",
    "Signing",
    "Step",
    "Tier",
    "Unit",
    "UnitKind",
    "check",
]


class Step(IntEnum):
    """From which step on a rule binds; what cannot be known earlier is not asked earlier."""

    DRAFT = 1
    SUBMIT = 2
    APPROVE = 3
    CHECK = 4
    REGISTER = 5


@dataclass(frozen=True)
class Rule:
    """One rule: its id, the article behind it, the step from which it binds, and the function that checks it."""

    id: str
    article: str
    step: Step
    check: Callable[[Case], Iterator[Objection]]


def _article(clause: str) -> str:
    return f"{REGULATION}{clause}"


RULES: tuple[Rule, ...] = (
    Rule("S1", "", Step.DRAFT, form.nothing_secret),
    Rule("F1", _article("第八条"), Step.SUBMIT, form.kind_fits_the_direction),
    Rule("F2", _article("第九条"), Step.SUBMIT, form.title_is_complete),
    Rule("F3", "", Step.SUBMIT, form.date_agrees_with_the_signature),
    Rule("F4", _article("第九条"), Step.CHECK, form.upward_names_its_signer),
    Rule("F5", "", Step.SUBMIT, form.request_names_a_contact),
    Rule("F6", "GB/T 9704-2012", Step.REGISTER, form.number_has_its_form),
    Rule("F7", "GB/T 9704-2012", Step.SUBMIT, form.attachments_are_named),
    Rule("F8", "", Step.SUBMIT, form.text_dates_exist),
    Rule("F9", "", Step.SUBMIT, form.bears_its_issuers_names),
    Rule("L1", LIMITS_SOURCE, Step.DRAFT, form.length_is_moderate),
    Rule("L2", LIMITS_SOURCE, Step.SUBMIT, form.quota_is_kept),
    Rule("R1", _article("第十五条（四）"), Step.SUBMIT, upward.one_matter_per_request),
    Rule("R2", _article("第十五条（四）"), Step.SUBMIT, upward.no_request_inside_a_report),
    Rule("R3", _article("第十五条（一）"), Step.SUBMIT, upward.one_superior_and_no_copy_down),
    Rule("R4", _article("第十五条（二）"), Step.SUBMIT, upward.consent_before_reporting_to_the_line),
    Rule("R5", _article("第十五条（三）"), Step.SUBMIT, upward.opinion_on_a_forwarded_request),
    Rule("R6", _article("第十五条（五）"), Step.SUBMIT, upward.office_to_office_not_to_leaders),
    Rule("R7", _article("第十四条"), Step.SUBMIT, upward.no_leap_over_the_next_superior),
    Rule("R8", "", Step.SUBMIT, upward.copy_to_the_other_leading_unit),
    Rule("R9", _article("第十六条（一）"), Step.SUBMIT, downward.copy_important_ones_to_the_superior),
    Rule("R10", _article("第十六条（二）"), Step.SUBMIT, downward.no_orders_from_departments_to_governments),
    Rule("R11", _article("第十六条（四）"), Step.APPROVE, downward.agreed_before_going_down),
    Rule("R12", _article("第十七条"), Step.SUBMIT, downward.joint_issue_among_equals),
    Rule("R12", _article("第十七条"), Step.SUBMIT, downward.no_issue_by_internal_offices),
    Rule("R13", _article("第十九条（六）"), Step.APPROVE, downward.consult_those_concerned),
    Rule("R13", _article("第十九条（六）"), Step.APPROVE, downward.agreed_with_the_present_text),
    Rule("R15", _article("第二十二条"), Step.CHECK, signing.signed_by_the_principal),
    Rule("R15", _article("第二十二条"), Step.CHECK, signing.signed_in_full),
    Rule("R16", _article("第二十五条（一）"), Step.CHECK, signing.real_changes_go_back_to_the_signer),
)

REVIEW_POINTS: tuple[str, ...] = (
    "行文理由是否充分，行文依据是否准确",
    "内容是否符合法律法规和政策规定",
    "涉及有关地区或部门职权的事项是否经过充分协商",
    "文种是否正确，格式是否规范",
    "人名、地名、时间、数字、引文等表述是否准确",
)


def check(case: Case, *, step: Step) -> list[Finding]:
    """What the rules that bind at this step have to say, the gravest first."""
    found = [
        Finding(
            level=objection.level,
            rule=rule.id,
            article=rule.article,
            field=objection.field,
            message=objection.message,
            quote=objection.quote,
        )
        for rule in RULES
        if rule.step <= step
        for objection in rule.check(case)
    ]
    gravity = list(Level)
    return sorted(found, key=lambda finding: gravity.index(finding.level))
