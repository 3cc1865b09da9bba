"""Routes for the rules that an administrator sets."""

from typing import Any

from services.affairs.local_rules import RULES
from shared.dated_rules.routes import rule_routes
from shared.permissions import Permission

RuleRoutes: Any = rule_routes([*RULES], manage=Permission.AFFAIRS_RULES_MANAGE)
