"""Routes of one-thing bundles (一件事)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from services.affairs.api.cases import APPLY, READ, WINDOW, means_of
from services.affairs.commands import bundle_check, bundles
from services.affairs.commands.bundle_apply import apply_bundle
from services.affairs.commands.bundle_desk import BundleDesk, require_intake
from services.affairs.queries import bundle_applications as applications
from services.affairs.queries import bundles as queries
from services.affairs.queries.applicants import applicant_of, applicant_of_post
from services.affairs.queries.known import Applicant
from services.affairs.schemas import bundle_applications as applied
from services.affairs.schemas import bundles as shapes
from services.affairs.schemas.offers import PrefillQuery
from shared.events.affairs import Channel
from shared.permissions import Permission
from shared.web import Call, Page, route

BUNDLE = "/bundles/<uuid:bundle_id>"
APPLICATION = "/bundle-applications/<uuid:application_id>"
MANAGE = Permission.AFFAIRS_CATALOGUE_MANAGE


class BundleRoutes:
    """What belongs together is applied for once, checked once, and runs under one clock."""

    @route(
        "POST",
        "/bundles",
        permission=MANAGE,
        body=shapes.NewBundleRequest,
        returns=shapes.BundleSchema,
        status=201,
    )
    def draft_bundle(self, call: Call) -> dict[str, Any]:
        """起草一件事"""
        content = {name: value for name, value in call.body.items() if name != "code"}
        bundle = bundles.draft_bundle(
            call.session, call.actor, call.clock, code=call.body["code"], content=content
        )
        return _bundle(call, bundle.id)

    @route("GET", "/bundles", permission=READ, query=shapes.BundleQuery, page_of=shapes.BundleSummarySchema)
    def list_bundles(self, call: Call) -> Page[dict[str, Any]]:
        """一件事目录"""
        return queries.page_bundles(call.session, call.actor, query=call.query, today=call.clock.today())

    @route("GET", BUNDLE, permission=READ, returns=shapes.BundleSchema)
    def show_bundle(self, call: Call, bundle_id: UUID) -> dict[str, Any]:
        """查看一件事"""
        return _bundle(call, bundle_id)

    @route("PUT", BUNDLE, permission=MANAGE, body=shapes.BundleContentRequest, returns=shapes.BundleSchema)
    def edit_bundle(self, call: Call, bundle_id: UUID) -> dict[str, Any]:
        """修改一件事(形成新版本草稿)"""
        bundles.edit_bundle(
            call.session,
            call.actor,
            call.clock,
            bundle_id=bundle_id,
            content=call.body,
            expected_revision=call.expected_revision(),
        )
        return _bundle(call, bundle_id)

    @route("POST", f"{BUNDLE}/publish", permission=MANAGE, returns=shapes.BundleSchema)
    def publish_bundle(self, call: Call, bundle_id: UUID) -> dict[str, Any]:
        """发布一件事"""
        bundles.publish_bundle(call.session, call.actor, call.clock, bundle_id=bundle_id)
        return _bundle(call, bundle_id)

    @route(
        "POST",
        f"{BUNDLE}/withdraw",
        permission=MANAGE,
        body=shapes.WithdrawBundleRequest,
        returns=shapes.BundleSchema,
    )
    def withdraw_bundle(self, call: Call, bundle_id: UUID) -> dict[str, Any]:
        """取消一件事"""
        bundles.withdraw_bundle(call.session, call.actor, call.clock, bundle_id=bundle_id, **call.body)
        return _bundle(call, bundle_id)

    @route("GET", f"{BUNDLE}/form", permission=READ, query=PrefillQuery, returns=shapes.BundleFormSchema)
    def show_bundle_form(self, call: Call, bundle_id: UUID) -> dict[str, Any]:
        """一张表单、一套材料(共享项只填一次, 已有数据自动带出); 受理窗口可为来人打开"""
        applicant = _applicant(call, bundle_id)
        return queries.prefilled(call.session, applicant, bundle_id, today=call.clock.today())

    @route(
        "POST",
        "/bundle-applications",
        permission=READ,
        body=applied.ApplyBundleRequest,
        returns=applied.BundleApplicationSchema,
        status=201,
    )
    def apply_bundle(self, call: Call) -> dict[str, Any]:
        """申请一件事, 一次生成全部办件; 受理窗口可代来人登记"""
        if call.body["channel"] != Channel.WINDOW:
            call.actor.require(APPLY)
        desk = apply_bundle(call.session, call.actor, call.clock, request=call.body)
        return _application(call, desk.application.id)

    @route(
        "GET",
        "/bundle-applications",
        permission=READ,
        query=applied.ApplicationQuery,
        page_of=applied.ApplicationSummarySchema,
    )
    def list_bundle_applications(self, call: Call) -> Page[dict[str, Any]]:
        """我可以查看的一件事申请"""
        return applications.page_applications(
            call.session, call.actor, query=call.query, now=call.clock.now()
        )

    @route("GET", APPLICATION, permission=READ, returns=applied.BundleApplicationSchema)
    def show_bundle_application(self, call: Call, application_id: UUID) -> dict[str, Any]:
        """一件事办理进度"""
        return _application(call, application_id)

    @route("GET", f"{APPLICATION}/history", permission=READ, returns=applied.BundleHistorySchema)
    def list_bundle_history(self, call: Call, application_id: UUID) -> dict[str, Any]:
        """一件事办理过程"""
        seen = applications.get_application(call.session, call.actor, application_id, now=call.clock.now())
        return {"acts": applications.list_acts(call.session, seen.id)}

    @route(
        "POST",
        f"{APPLICATION}/ask-completion",
        permission=READ,
        body=applied.AskBundleCompletionRequest,
        returns=applied.BundleApplicationSchema,
    )
    def ask_bundle_completion(self, call: Call, application_id: UUID) -> dict[str, Any]:
        """一次性告知全部事项的补正"""
        return _done(call, bundle_check.ask_bundle_completion, application_id, **call.body)

    @route(
        "POST",
        f"{APPLICATION}/complete",
        permission=APPLY,
        body=applied.CompleteBundleRequest,
        returns=applied.BundleApplicationSchema,
    )
    def complete_bundle(self, call: Call, application_id: UUID) -> dict[str, Any]:
        """申请人一次补正"""
        return _done(call, bundle_check.complete_bundle, application_id, **call.body)

    @route(
        "POST",
        f"{APPLICATION}/accept",
        permission=READ,
        body=applied.AcceptBundleRequest,
        returns=applied.BundleApplicationSchema,
    )
    def accept_bundle(self, call: Call, application_id: UUID) -> dict[str, Any]:
        """一门受理, 各事项并联或依次办理"""
        return _done(call, bundle_check.accept_bundle, application_id, **call.body)

    @route(
        "POST",
        f"{APPLICATION}/refuse",
        permission=WINDOW,
        body=applied.ReasonRequest,
        returns=applied.BundleApplicationSchema,
    )
    def refuse_bundle(self, call: Call, application_id: UUID) -> dict[str, Any]:
        """不予受理, 须写明理由"""
        return _done(call, bundle_check.refuse_bundle, application_id, **call.body)

    @route(
        "POST",
        f"{APPLICATION}/withdraw",
        permission=APPLY,
        body=applied.ReasonRequest,
        returns=applied.BundleApplicationSchema,
    )
    def withdraw_bundle_application(self, call: Call, application_id: UUID) -> dict[str, Any]:
        """申请人撤回尚未办结的事项"""
        command = bundle_check.withdraw_bundle_application
        return _done(call, command, application_id, means=means_of(call), **call.body)


def _applicant(call: Call, bundle_id: UUID) -> Applicant:
    post_id = call.query["applicant_post_id"]
    if post_id is None or post_id == call.actor.post_id:
        return applicant_of(call.session, call.actor, {})
    bundle = queries.get_bundle(call.session, bundle_id)
    version = queries.get_published(call.session, bundle, today=call.clock.today())
    require_intake(call.session, call.actor, bundle=bundle, version=version)
    return applicant_of_post(call.session, post_id)


def _bundle(call: Call, bundle_id: UUID) -> dict[str, Any]:
    return queries.show_bundle(call.session, call.actor, bundle_id, today=call.clock.today())


def _application(call: Call, application_id: UUID) -> dict[str, Any]:
    return applications.show_application(call.session, call.actor, application_id, now=call.clock.now())


def _done(
    call: Call, command: Callable[..., BundleDesk], application_id: UUID, **arguments: Any
) -> dict[str, Any]:
    command(call.session, call.actor, call.clock, application_id=application_id, **arguments)
    return _application(call, application_id)
