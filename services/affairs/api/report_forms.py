"""Routes of the shared report forms (一表同享)."""

from typing import Any
from uuid import UUID

from services.affairs.commands.report_filing import correct_value, file_report
from services.affairs.commands.report_forms import decide_form, define_field, end_form, propose_form
from services.affairs.queries import report_filings as filings
from services.affairs.queries import report_forms as forms
from services.affairs.queries.report_exports import workbook_of
from services.affairs.schemas import report_forms as shapes
from shared.permissions import Permission
from shared.web import Call, Download, Page, route
from shared.workbook import XLSX

FORM = "/report-forms/<uuid:form_id>"
FILING = "/report-filings/<uuid:filing_id>"
READ = Permission.AFFAIRS_READ
MANAGE = Permission.AFFAIRS_FORMS_MANAGE


class ReportFormRoutes:
    """What is asked of whom, what was filled in once, and who is late."""

    @route(
        "GET",
        "/report-fields",
        permission=READ,
        query=shapes.SharedFieldQuery,
        page_of=shapes.SharedFieldSchema,
    )
    def list_report_fields(self, call: Call) -> Page[Any]:
        """字段字典"""
        return forms.page_fields(call.session, query=call.query)

    @route(
        "POST",
        "/report-fields",
        permission=MANAGE,
        body=shapes.FieldRequest,
        returns=shapes.SharedFieldSchema,
        status=201,
    )
    def define_report_field(self, call: Call) -> Any:
        """登记字段"""
        return define_field(call.session, call.actor, call.clock, field=call.body)

    @route(
        "POST",
        "/report-forms/overlaps",
        permission=MANAGE,
        body=shapes.AskedRequest,
        returns=shapes.OverlapsSchema,
    )
    def find_overlaps(self, call: Call) -> dict[str, Any]:
        """预先核对新报表与已采集数据的重复"""
        codes = [field["code"] for field in call.body["fields"]]
        unit_ids = call.body["unit_ids"]
        return {"overlap": forms.find_overlaps(call.session, field_codes=codes, unit_ids=unit_ids)}

    @route(
        "POST",
        "/report-forms",
        permission=MANAGE,
        body=shapes.ReportFormRequest,
        returns=shapes.ReportFormSchema,
        status=201,
    )
    def propose_report_form(self, call: Call) -> dict[str, Any]:
        """新增报表; 与已采集数据重复的须经审批"""
        form = propose_form(call.session, call.actor, call.clock, request=call.body)
        return forms.show_form(call.session, call.actor, form.id, now=call.clock.now())

    @route(
        "GET",
        "/report-forms",
        permission=READ,
        query=shapes.ReportFormQuery,
        page_of=shapes.FormSummarySchema,
    )
    def list_report_forms(self, call: Call) -> Page[dict[str, Any]]:
        """报表目录"""
        return forms.page_forms(call.session, query=call.query)

    @route("GET", FORM, permission=READ, returns=shapes.ReportFormSchema)
    def show_report_form(self, call: Call, form_id: UUID) -> dict[str, Any]:
        """查看报表"""
        return forms.show_form(call.session, call.actor, form_id, now=call.clock.now())

    @route(
        "POST",
        f"{FORM}/decide",
        permission=READ,
        body=shapes.DecideFormSchema,
        returns=shapes.ReportFormSchema,
    )
    def decide_report_form(self, call: Call, form_id: UUID) -> dict[str, Any]:
        """审批重复采集的新报表"""
        decide_form(call.session, call.actor, call.clock, form_id=form_id, **call.body)
        return forms.show_form(call.session, call.actor, form_id, now=call.clock.now())

    @route(
        "POST", f"{FORM}/end", permission=MANAGE, body=shapes.EndFormSchema, returns=shapes.ReportFormSchema
    )
    def end_report_form(self, call: Call, form_id: UUID) -> dict[str, Any]:
        """停止报表"""
        end_form(call.session, call.actor, call.clock, form_id=form_id, reason=call.body["reason"])
        return forms.show_form(call.session, call.actor, form_id, now=call.clock.now())

    @route("GET", f"{FORM}/data", permission=MANAGE, query=shapes.PeriodQuery, returns=shapes.FormDataSchema)
    def show_report_data(self, call: Call, form_id: UUID) -> dict[str, Any]:
        """一期数据: 各单位填报情况"""
        period = call.query["period"]
        return filings.form_data(call.session, call.actor, form_id, period=period, now=call.clock.now())

    @route("GET", f"{FORM}/export", permission=MANAGE, query=shapes.PeriodQuery, downloads=XLSX, audited=True)
    def export_report_data(self, call: Call, form_id: UUID) -> Download:
        """导出一期数据(XLSX)"""
        period = call.query["period"]
        data = filings.form_data(call.session, call.actor, form_id, period=period, now=call.clock.now())
        book = workbook_of(data)
        name = f"{data['form_name']}{period}.xlsx"
        return Download(chunks=[book], media_type=XLSX, name=name, size=len(book))

    @route(
        "GET",
        "/report-filings",
        permission=READ,
        query=shapes.FilingQuery,
        page_of=shapes.FilingSummarySchema,
    )
    def list_report_filings(self, call: Call) -> Page[dict[str, Any]]:
        """本单位的填报任务, 以及本机关报表的填报情况"""
        return filings.page_filings(call.session, call.actor, query=call.query, now=call.clock.now())

    @route("GET", FILING, permission=READ, returns=shapes.FilingSchema)
    def show_report_filing(self, call: Call, filing_id: UUID) -> dict[str, Any]:
        """打开填报任务(已采集的数据自动带出)"""
        return filings.show_filing(call.session, call.actor, filing_id, now=call.clock.now())

    @route(
        "POST", f"{FILING}/file", permission=READ, body=shapes.FileReportSchema, returns=shapes.FilingSchema
    )
    def file_report(self, call: Call, filing_id: UUID) -> dict[str, Any]:
        """报送"""
        file_report(call.session, call.actor, call.clock, filing_id=filing_id, **call.body)
        return filings.show_filing(call.session, call.actor, filing_id, now=call.clock.now())

    @route(
        "POST",
        f"{FILING}/correct",
        permission=READ,
        body=shapes.CorrectValueSchema,
        returns=shapes.FilingSchema,
    )
    def correct_report_value(self, call: Call, filing_id: UUID) -> dict[str, Any]:
        """更正数据(各报表同步)"""
        correct_value(call.session, call.actor, call.clock, filing_id=filing_id, **call.body)
        return filings.show_filing(call.session, call.actor, filing_id, now=call.clock.now())

    @route("GET", f"{FILING}/corrections", permission=READ, returns=shapes.CorrectionsSchema)
    def list_report_corrections(self, call: Call, filing_id: UUID) -> dict[str, Any]:
        """更正记录"""
        rows = filings.list_corrections(call.session, call.actor, filing_id, now=call.clock.now())
        return {"corrections": rows}
