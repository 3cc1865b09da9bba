"""Routes for the rules that an administrator sets."""

from typing import Any

from services.supervision.local_rules import RULES
from shared.dated_rules.routes import rule_routes
from shared.permissions import Permission

LocalRuleRoutes: Any = rule_routes(RULES, manage=Permission.SUPERVISION_RULES_MANAGE)


class RuleRoutes(LocalRuleRoutes):
    """Everybody may know the rules; each change is on record."""
