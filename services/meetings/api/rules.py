"""Routes of the rules that an administrator sets."""

from typing import Any

from services.meetings.commands.telling_plans import tell_plan
from services.meetings.local_rules import QUOTA, TABLES
from shared.dated_rules import RuleTable, RuleVersion
from shared.dated_rules.routes import rule_routes
from shared.permissions import Permission
from shared.web import Call


def _tell(call: Call, table: RuleTable, version: RuleVersion) -> None:
    if table is QUOTA:
        tell_plan(call.session, call.actor, call.clock, version=version)


RuleRoutes: Any = rule_routes(TABLES, manage=Permission.MEETINGS_RULES_MANAGE, tell=_tell)
