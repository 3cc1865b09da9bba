"""Promising (容缺受理, 告知承诺): the words are kept, and only whoever kept the promises so far may give one."""

from collections.abc import Sequence

import sqlalchemy as sa

from services.affairs import errors
from services.affairs.commands.desk import Desk
from services.affairs.domain.materials import MaterialRule, MaterialState, Offer, state_of
from services.affairs.local_rules import TRUST
from services.affairs.models import BrokenPromise
from shared.clock import local_date
from shared.dated_rules import rule_on

_PROMISES = {
    MaterialState.DEFERRED: "“{}”在规定期限内补交",
    MaterialState.DECLARED: "已满足“{}”所证明的条件，内容真实",
}


def sign_promise(
    desk: Desk, rules: Sequence[MaterialRule], offers: Sequence[Offer], *, promised: bool
) -> None:
    """What the applicant promises, in words that are kept; only whoever kept the promises so far may give one."""
    by_code = {offer.code: offer for offer in offers}
    words = [
        text.format(rule.name)
        for rule in rules
        if (text := _PROMISES.get(state_of(rule, by_code.get(rule.code))))
    ]
    if not words:
        return
    _require_trust(desk)
    if not promised:
        raise errors.promise_needed()
    case = desk.case
    case.promise = (
        f"{case.applicant_unit_name}承诺：{'；'.join(words)}。逾期未补交或承诺不实的，接受撤销办理结果。"
    )
    case.promised_by_name = case.applicant_name
    case.promised_at = desk.now


def _require_trust(desk: Desk) -> None:
    days = rule_on(desk.session, TRUST, desk.clock.today()).value["days"]
    newest = sa.select(sa.func.max(BrokenPromise.at)).where(
        BrokenPromise.unit_id == desk.case.applicant_unit_id
    )
    last = desk.session.scalar(newest)
    if last is None:
        return
    free_on = local_date(last).fromordinal(local_date(last).toordinal() + days)
    if desk.clock.today() < free_on:
        raise errors.promise_not_trusted(desk.case.applicant_unit_name, free_on)
