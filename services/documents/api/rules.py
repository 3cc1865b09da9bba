"""Routes for the rules that an administrator sets: length limits and annual quotas."""

from typing import Any

from services.documents.commands.rules import set_length_limit, set_quota
from services.documents.queries import rules as queries
from services.documents.schemas.rules import LengthLimitSchema, QuotaQuery, QuotaSchema, QuotaUseSchema
from shared.permissions import Permission
from shared.web import SIGNED_IN, Call, Page, route


class RuleRoutes:
    """Everybody may know the limits; each change is on record."""

    @route("GET", "/rules/length-limits", permission=SIGNED_IN, page_of=LengthLimitSchema)
    def list_length_limits(self, call: Call) -> Page[Any]:
        """篇幅限制"""
        return Page(queries.list_length_limit_rows(call.session), None)

    @route(
        "PUT",
        "/rules/length-limits",
        permission=Permission.DOCUMENTS_RULES_MANAGE,
        body=LengthLimitSchema,
        returns=LengthLimitSchema,
    )
    def set_length_limit(self, call: Call) -> Any:
        """设定篇幅限制(按生效日期)"""
        return set_length_limit(call.session, call.actor, call.clock, limit=call.body)

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
        return set_quota(call.session, call.actor, call.clock, quota=call.body)
