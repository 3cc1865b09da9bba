"""The routes by which a service's rules are read and set, the same in every service."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from marshmallow import fields

from shared.dated_rules import errors
from shared.dated_rules.looking import FOR_ALL, list_versions, rule_for_unit, rule_on
from shared.dated_rules.models import RuleVersion
from shared.dated_rules.setting import lift_rule, set_rule
from shared.dated_rules.tables import RuleTable
from shared.directory import get_unit, require_administered_or_own, require_everything
from shared.permissions import Permission
from shared.web import SIGNED_IN, Call, Page, Schema, Text, route


class RuleTableSchema(Schema):
    """A rule that an administrator may set, and what holds today for all."""

    name = fields.String(required=True)
    title = fields.String(required=True)
    per_unit = fields.Boolean(required=True)
    value = fields.Dict(required=True, allow_none=True)
    valid_from = fields.Date(required=True, allow_none=True)
    revision = fields.Integer(required=True)
    source = fields.String(required=True, metadata={"description": "依据"})
    set_at = fields.AwareDateTime(required=True, allow_none=True)
    set_by_name = fields.String(required=True)


class RuleQuery(Schema):
    """Which day, and which unit; today and for all when they are not named."""

    on = fields.Date(load_default=None)
    unit_id = fields.UUID(load_default=None)


class RuleVersionsQuery(Schema):
    """Whose versions; everybody's when no unit is named."""

    unit_id = fields.UUID(load_default=None)


class SetRuleSchema(Schema):
    """What the rule shall say from a day on; `value` null lets a unit's own rule end."""

    unit_id = fields.UUID(load_default=None, allow_none=True)
    valid_from = fields.Date(required=True)
    value = fields.Dict(keys=fields.String(), required=True, allow_none=True)
    reason = Text(longest=500, shortest=1, required=True, metadata={"description": "依据或理由"})


class RuleVersionSchema(Schema):
    """What somebody set: from which day on, and why."""

    rule = fields.String(required=True)
    subject = fields.String(required=True, metadata={"description": "适用对象的标识, 空为普遍适用"})
    revision = fields.Integer(required=True)
    valid_from = fields.Date(required=True)
    value = fields.Dict(required=True, allow_none=True)
    reason = fields.String(required=True)
    set_at = fields.AwareDateTime(required=True)
    person_id = fields.UUID(required=True, allow_none=True)
    person_name = fields.String(required=True)


Tell = Callable[[Call, RuleTable, RuleVersion], None]


def rule_routes(
    tables: Sequence[RuleTable], *, manage: Permission, tell: Tell = lambda call, table, version: None
) -> type:
    """A base for an api class: everybody who is signed in may read these rules, and `manage` is needed to set them.

    A unit's own rule is set by who administers that unit or by its own office, the rule for all by who administers all
    units.

    `tell` is called with what was set, in the same transaction, for rules that other services have to know.

    class RuleRoutes(rule_routes([QUOTA, LENGTH], manage=Permission.MEETINGS_RULES_MANAGE)): ...
    """
    by_name = {table.name: table for table in tables}

    class DatedRuleRoutes:
        """The rules that differ by locality."""

        @route("GET", "/local-rules", permission=SIGNED_IN, page_of=RuleTableSchema)
        def list_local_rules(self, call: Call) -> Page[Any]:
            """可按地方实际设定的规则及今日取值"""
            return Page([_shown(call, table, on=None, unit_id=None) for table in tables], None)

        @route(
            "GET",
            "/local-rules/<string:name>",
            permission=SIGNED_IN,
            query=RuleQuery,
            returns=RuleTableSchema,
        )
        def show_local_rule(self, call: Call, name: str) -> Mapping[str, Any]:
            """某日对某单位生效的规则"""
            return _shown(call, _table(by_name, name), **call.query)

        @route(
            "GET",
            "/local-rules/<string:name>/versions",
            permission=SIGNED_IN,
            query=RuleVersionsQuery,
            page_of=RuleVersionSchema,
        )
        def list_local_rule_versions(self, call: Call, name: str) -> Page[Any]:
            """一项规则的历次设定"""
            unit_id = call.query["unit_id"]
            subject = str(unit_id) if unit_id else None
            return Page(list_versions(call.session, _table(by_name, name), subject=subject), None)

        @route(
            "POST",
            "/local-rules/<string:name>/versions",
            permission=manage,
            body=SetRuleSchema,
            returns=RuleVersionSchema,
            status=201,
        )
        def set_local_rule(self, call: Call, name: str) -> RuleVersion:
            """按生效日期设定规则"""
            table = _table(by_name, name)
            version = _set(call, table)
            tell(call, table, version)
            return version

    return DatedRuleRoutes


def _table(by_name: Mapping[str, RuleTable], name: str) -> RuleTable:
    if name not in by_name:
        raise errors.rule_unknown(name)
    return by_name[name]


def _shown(call: Call, table: RuleTable, *, on: Any, unit_id: UUID | None) -> dict[str, Any]:
    day = on or call.clock.today()
    rule = (
        rule_for_unit(call.session, table, day, unit_id=unit_id)
        if unit_id and table.per_unit
        else rule_on(call.session, table, day)
    )
    value = None if rule.value is None else table.schema().dump(rule.value)
    named = {"name": table.name, "title": table.title, "per_unit": table.per_unit}
    return {**named, **asdict(rule), "value": value}


def _set(call: Call, table: RuleTable) -> RuleVersion:
    unit_id, value = call.body["unit_id"], call.body["value"]
    if unit_id and not table.per_unit:
        raise errors.not_per_unit(table)
    subject = str(get_unit(call.session, unit_id).id) if unit_id else FOR_ALL
    if unit_id:
        require_administered_or_own(call.session, call.actor, unit_id)
    else:
        require_everything(call.session, call.actor, what=f"“{table.title}”的普遍规则")
    stated = {
        "table": table,
        "subject": subject,
        "valid_from": call.body["valid_from"],
        "reason": call.body["reason"],
        "expected_revision": call.expected_revision(),
    }
    if value is None:
        return lift_rule(call.session, call.actor, call.clock, **stated)
    return set_rule(call.session, call.actor, call.clock, value=value, **stated)
