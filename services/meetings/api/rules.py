"""Routes of the rules that an administrator sets."""

from typing import Any

from services.meetings.local_rules import TABLES
from shared.dated_rules.routes import rule_routes
from shared.permissions import Permission

RuleRoutes: Any = rule_routes(TABLES, manage=Permission.MEETINGS_RULES_MANAGE)
