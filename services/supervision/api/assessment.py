"""Routes for assessment (督考合一): computing, publishing, ranking, explaining, correcting."""

from typing import Any
from uuid import UUID

from services.supervision.commands.assessment import correct_score, publish_assessment
from services.supervision.commands.assessment_findings import record_finding, withdraw_finding
from services.supervision.queries import assessment as queries
from services.supervision.queries.assessment_findings import list_findings
from services.supervision.schemas.assessment import (
    AssessmentSchema,
    AssessmentSummarySchema,
    CheckedSchema,
    ComputedSchema,
    ComputeQuery,
    CorrectionSchema,
    CorrectSchema,
    FindingQuery,
    FindingRequest,
    FindingSchema,
    OwnComputeQuery,
    PublishSchema,
    UnitScoreSchema,
    WithdrawSchema,
)
from shared.permissions import Permission
from shared.web import Call, Download, Page, PageQuery, route
from shared.workbook import XLSX

ASSESSMENT = "/assessments/<uuid:assessment_id>"
READ, ASSESS = Permission.SUPERVISION_READ, Permission.SUPERVISION_ASSESS


class AssessmentRoutes:
    """Assessors see all of their organ; a unit sees its own explanation, and the ranking once it is published."""

    @route("GET", "/assessments/preview", permission=ASSESS, query=ComputeQuery, returns=ComputedSchema)
    def preview(self, call: Call) -> dict[str, Any]:
        """试算某期间各单位得分, 可按过去任一日的规则和记录"""
        return queries.preview(call.session, call.actor, query=call.query, now=call.clock.now())

    @route("GET", "/assessments/own", permission=READ, query=OwnComputeQuery, returns=ComputedSchema)
    def preview_own(self, call: Call) -> dict[str, Any]:
        """本单位当前得分及依据"""
        return queries.preview_own(call.session, call.actor, query=call.query, now=call.clock.now())

    @route(
        "POST", "/assessments", permission=ASSESS, body=PublishSchema, returns=AssessmentSchema, status=201
    )
    def publish(self, call: Call) -> dict[str, Any]:
        """公布某期间的考核结果"""
        made = publish_assessment(call.session, call.actor, call.clock, request=call.body)
        return queries.show_ranking(call.session, made)

    @route("GET", "/assessments", permission=READ, query=PageQuery, page_of=AssessmentSummarySchema)
    def list_assessments(self, call: Call) -> Page[Any]:
        """已公布的考核结果"""
        return queries.list_assessments(call.session, call.actor, query=call.query)

    @route("GET", ASSESSMENT, permission=READ, returns=AssessmentSchema)
    def show_assessment(self, call: Call, assessment_id: UUID) -> dict[str, Any]:
        """考核排名"""
        found = queries.get_assessment(call.session, call.actor, assessment_id)
        return queries.show_ranking(call.session, found)

    @route("GET", f"{ASSESSMENT}/export", permission=READ, downloads=XLSX, audited=True)
    def export_ranking(self, call: Call, assessment_id: UUID) -> Download:
        """导出考核排名(XLSX)"""
        found = queries.get_assessment(call.session, call.actor, assessment_id)
        book = queries.ranking_workbook(call.session, found)
        return Download(chunks=[book], media_type=XLSX, name="考核排名.xlsx", size=len(book))

    @route("GET", f"{ASSESSMENT}/recomputed", permission=ASSESS, returns=CheckedSchema)
    def check_again(self, call: Call, assessment_id: UUID) -> dict[str, Any]:
        """按公布时的规则和记录重新计算, 核对是否一致"""
        found = queries.get_assessment(call.session, call.actor, assessment_id)
        return queries.check_again(call.session, found)

    @route("GET", f"{ASSESSMENT}/units/<uuid:unit_id>", permission=READ, returns=UnitScoreSchema)
    def show_score(self, call: Call, assessment_id: UUID, unit_id: UUID) -> dict[str, Any]:
        """一个单位的得分、每一分的依据和更正记录"""
        found = queries.get_assessment(call.session, call.actor, assessment_id)
        return queries.show_score(call.session, call.actor, found, unit_id)

    @route(
        "POST",
        f"{ASSESSMENT}/units/<uuid:unit_id>/corrections",
        permission=ASSESS,
        body=CorrectSchema,
        returns=CorrectionSchema,
        status=201,
    )
    def correct(self, call: Call, assessment_id: UUID, unit_id: UUID) -> Any:
        """更正已公布的得分, 保留更正记录"""
        return correct_score(
            call.session,
            call.actor,
            call.clock,
            assessment_id=assessment_id,
            unit_id=unit_id,
            request=call.body,
        )

    @route("POST", "/findings", permission=ASSESS, body=FindingRequest, returns=FindingSchema, status=201)
    def record_finding(self, call: Call) -> Any:
        """登记系统记录反映不出的情形(未报报告、报告无实质内容等)"""
        return record_finding(call.session, call.actor, call.clock, request=call.body)

    @route("GET", "/findings", permission=READ, query=FindingQuery, page_of=FindingSchema)
    def list_findings(self, call: Call) -> Page[Any]:
        """考核登记"""
        return list_findings(call.session, call.actor, query=call.query)

    @route(
        "POST",
        "/findings/<uuid:finding_id>/withdraw",
        permission=ASSESS,
        body=WithdrawSchema,
        returns=FindingSchema,
    )
    def withdraw_finding(self, call: Call, finding_id: UUID) -> Any:
        """撤回考核登记, 须写明理由"""
        return withdraw_finding(
            call.session, call.actor, call.clock, finding_id=finding_id, reason=call.body["reason"]
        )
