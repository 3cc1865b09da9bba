"""Rules that differ by locality: named tables with a shipped default, set anew from a day on by an administrator.

    QUOTA = RuleTable(name="quota", title="会议年度计划数", schema=QuotaSchema, source="…", default={"class_2": 6})

    rule_on(session, QUOTA, today).value["class_2"]
    set_rule(session, actor, clock, table=QUOTA, value={"class_2": 5}, valid_from=day, reason="只减不增")

`shared.dated_rules.routes.rule_routes` gives a service the routes to read and set its tables.
"""

from shared.dated_rules.looking import (
    list_rules_on,
    list_versions,
    rule_for_unit,
    rule_on,
)
from shared.dated_rules.models import RuleVersion
from shared.dated_rules.setting import lift_rule, set_rule
from shared.dated_rules.tables import Rule, RuleTable

__all__ = [
    "Rule",
    "RuleTable",
    "RuleVersion",
    "lift_rule",
    "list_rules_on",
    "list_versions",
    "rule_for_unit",
    "rule_on",
    "set_rule",
]
