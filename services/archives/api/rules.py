"""Routes for the local rules of filing: retention schedules and fonds."""

from typing import Any

from services.archives.commands.rules import put_schedule, set_fonds
from services.archives.queries import rules as queries
from services.archives.schemas import (
    FondsChangeSchema,
    FondsQuery,
    FondsSchema,
    ScheduleQuery,
    ScheduleSchema,
    ScheduleSummarySchema,
)
from shared.permissions import Permission
from shared.web import Call, Page, route


class RuleRoutes:
    """What differs by locality and unit."""

    @route(
        "GET",
        "/retention-schedules",
        permission=Permission.ARCHIVES_READ,
        page_of=ScheduleSummarySchema,
    )
    def list_schedules(self, call: Call) -> Page[Any]:
        """保管期限表各版本"""
        return Page(queries.list_schedules(call.session, call.actor), None)

    @route(
        "GET",
        "/retention-schedules/in-force",
        permission=Permission.ARCHIVES_READ,
        query=ScheduleQuery,
        returns=ScheduleSchema,
    )
    def show_schedule(self, call: Call) -> Any:
        """某日生效的保管期限表"""
        on = call.query.get("on") or call.clock.today()
        return queries.show_schedule(call.session, call.actor, on=on)

    @route(
        "POST",
        "/retention-schedules",
        permission=Permission.ARCHIVES_RULES_MANAGE,
        body=ScheduleSchema,
        returns=ScheduleSchema,
        status=201,
    )
    def put_schedule(self, call: Call) -> Any:
        """启用新版保管期限表"""
        table = {**call.body, "effective_from": call.body["effective_from"].isoformat()}
        return put_schedule(call.session, call.actor, call.clock, table=table)

    @route("GET", "/fonds", permission=Permission.ARCHIVES_READ, page_of=FondsSchema)
    def list_fonds(self, call: Call) -> Page[dict[str, Any]]:
        """全宗及档号规则"""
        return Page(queries.list_fonds(call.session, call.actor, on=call.clock.today()), None)

    @route(
        "GET",
        "/fonds/<string:fonds_code>",
        permission=Permission.ARCHIVES_READ,
        query=FondsQuery,
        returns=FondsSchema,
    )
    def show_fonds(self, call: Call, fonds_code: str) -> dict[str, Any]:
        """查看一个全宗的设置"""
        unit = queries.get_kept_fonds(call.session, call.actor, fonds_code, **call.query)
        return queries.show_fonds(call.session, unit, on=call.clock.today())

    @route(
        "PATCH",
        "/fonds/<string:fonds_code>",
        permission=Permission.ARCHIVES_RULES_MANAGE,
        query=FondsQuery,
        body=FondsChangeSchema,
        returns=FondsSchema,
    )
    def set_fonds(self, call: Call, fonds_code: str) -> dict[str, Any]:
        """更改档号规则等全宗设置"""
        unit = queries.get_kept_fonds(call.session, call.actor, fonds_code, **call.query)
        wanted = {**call.body}
        reason = wanted.pop("reason", "")
        if "unit_codes" in wanted:
            wanted["unit_codes"] = {str(unit_id): code for unit_id, code in wanted["unit_codes"].items()}
        set_fonds(
            call.session,
            call.actor,
            call.clock,
            unit=unit,
            wanted=wanted,
            expected_revision=call.expected_revision(),
            reason=reason,
        )
        return queries.show_fonds(call.session, unit, on=call.clock.today())
