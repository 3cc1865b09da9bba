"""Routes for the rules that an administrator sets: length limits by day and organ, and yearly plans."""

from typing import Any

from services.documents.commands.rules import set_quota
from services.documents.local_rules import LENGTHS
from services.documents.queries import rules as queries
from services.documents.schemas.rules import QuotaQuery, QuotaSchema, QuotaUseSchema
from shared.dated_rules.routes import rule_routes
from shared.permissions import Permission
from shared.web import SIGNED_IN, Call, Page, route

LocalRuleRoutes: Any = rule_routes([*LENGTHS.values()], manage=Permission.DOCUMENTS_RULES_MANAGE)


class RuleRoutes(LocalRuleRoutes):
    """Everybody may know the limits; each change is on record."""

    @route("GET", "/rules/quotas", permission=SIGNED_IN, query=QuotaQuery, page_of=QuotaUseSchema)
    def list_quotas(self, call: Call) -> Page[Any]:
        """各机关代字的年度发文计划数和已发文数"""
        year = call.query["year"] or call.clock.today().year
        return Page(queries.list_quota_use(call.session, year=year), None)

    @route(
        "PUT",
        "/rules/quotas",
        permission=Permission.DOCUMENTS_RULES_MANAGE,
        body=QuotaSchema,
        returns=QuotaSchema,
    )
    def set_quota(self, call: Call) -> Any:
        """设定年度发文计划数"""
        set_quota(call.session, call.actor, call.clock, quota=call.body)
        return call.body
