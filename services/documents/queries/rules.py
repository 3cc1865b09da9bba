"""How far a year's plan is used."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from services.documents.domain.limits import AnnualQuota
from services.documents.domain.numbers import SERIES, codes_of
from services.documents.local_rules import YEARLY_PLAN
from shared.dated_rules import Rule, list_rules_on, rule_on
from shared.numbering import list_last_numbers


def find_quota(session: Session, code: str, *, year: int) -> AnnualQuota | None:
    """The year's plan for an issuing code, if there is one."""
    rule = rule_on(session, YEARLY_PLAN, date(year, 1, 1), subjects=[code])
    return AnnualQuota(code, year, rule.value["documents"]) if _is_of(rule, year) else None


def list_quota_use(session: Session, *, year: int) -> list[dict[str, Any]]:
    """Every issuing code that has a plan or has issued in that year, by code."""
    rules = list_rules_on(session, YEARLY_PLAN, date(year, 1, 1))
    planned = {code: rule for code, rule in rules.items() if _is_of(rule, year)}
    issued = codes_of(list_last_numbers(session, prefix=SERIES), year=year)
    return [
        _use(code, year, planned.get(code), issued=issued.get(code, 0))
        for code in sorted({*planned, *issued})
    ]


def _use(code: str, year: int, plan: Rule | None, *, issued: int) -> dict[str, Any]:
    return {
        "code": code,
        "year": year,
        "issued": issued,
        "documents": plan.value["documents"] if plan else None,
        "set_at": plan.set_at if plan else None,
        "set_by_name": plan.set_by_name if plan else "",
        "reason": plan.source if plan else "",
    }


def _is_of(rule: Rule, year: int) -> bool:
    """A plan ends with its year: without a new one there is no limit."""
    return rule.valid_from is not None and rule.valid_from.year == year
