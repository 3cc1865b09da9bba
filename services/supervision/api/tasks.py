"""Routes for registering tasks and for reading them: lists, one task, its history, items, files and record."""

from typing import Any
from uuid import UUID

from services.supervision.commands.files import attach_file
from services.supervision.commands.import_matters import import_matters
from services.supervision.commands.matter import matter_of
from services.supervision.commands.reading import open_item, read_copy
from services.supervision.commands.record import PDF, RECORD_NAME
from services.supervision.commands.register import register_task, revise_task
from services.supervision.importing import read_rows
from services.supervision.importing.tables import MAX_BYTES
from services.supervision.queries import tasks as queries
from services.supervision.queries.exports import MOST_ROWS, workbook_of
from services.supervision.queries.lists import list_all, list_tasks
from services.supervision.queries.visibility import get_task
from services.supervision.schemas.requests import (
    ActSchema,
    FileFormSchema,
    ImportSchema,
    MatterSchema,
    RegisterSchema,
)
from services.supervision.schemas.tasks import (
    HistoryActSchema,
    ImportedSchema,
    TaskFileSchema,
    TaskFilters,
    TaskQuery,
    TaskSchema,
    TaskSummarySchema,
)
from shared.flow.pages import page_items
from shared.permissions import Permission
from shared.web import Call, Download, Page, PageQuery, Schema, route
from shared.web.work_shapes import ItemQuery, ItemSchema
from shared.workbook import XLSX

TASK = "/tasks/<uuid:task_id>"
READ = Permission.SUPERVISION_READ


class ImportFormSchema(Schema):
    """A file to import."""


class TaskRoutes:
    """What is put down to be supervised, and what is known of it, for those who may see it."""

    @route(
        "POST",
        "/tasks",
        permission=Permission.SUPERVISION_REGISTER,
        body=RegisterSchema,
        returns=TaskSchema,
        status=201,
    )
    def register(self, call: Call) -> dict[str, Any]:
        """登记督查事项"""
        task = register_task(call.session, call.actor, call.clock, matter=matter_of(call.body))
        return queries.show_task(call.session, call.actor, task.id, now=call.clock.now())

    @route("GET", "/tasks", permission=READ, query=TaskQuery, page_of=TaskSummarySchema)
    def list_tasks(self, call: Call) -> Page[dict[str, Any]]:
        """列出我可以查看的督查事项"""
        return list_tasks(call.session, call.actor, query=call.query, now=call.clock.now())

    @route("GET", "/tasks/export", permission=READ, query=TaskFilters, downloads=XLSX, audited=True)
    def export_tasks(self, call: Call) -> Download:
        """按同样的条件导出督查事项(XLSX)"""
        rows = list_all(call.session, call.actor, query=call.query, now=call.clock.now(), most=MOST_ROWS)
        book = workbook_of(rows)
        return Download(chunks=[book], media_type=XLSX, name="督查事项.xlsx", size=len(book))

    @route(
        "POST",
        "/imports",
        permission=Permission.SUPERVISION_IMPORT,
        body=ImportSchema,
        returns=ImportedSchema,
    )
    def import_rows(self, call: Call) -> dict[str, Any]:
        """导入热线与媒体线索(JSON), 重复的来源编号不再登记"""
        return import_matters(call.session, call.actor, call.clock, rows=call.body["rows"])

    @route(
        "POST",
        "/imports/file",
        permission=Permission.SUPERVISION_IMPORT,
        form=ImportFormSchema,
        returns=ImportedSchema,
    )
    def import_file(self, call: Call) -> dict[str, Any]:
        """导入热线与媒体线索(CSV 或 XLSX)"""
        upload = call.file()
        rows = read_rows(upload.stream.read(MAX_BYTES + 1), name=upload.name)
        return import_matters(call.session, call.actor, call.clock, rows=rows)

    @route("GET", TASK, permission=READ, returns=TaskSchema)
    def show_task(self, call: Call, task_id: UUID) -> dict[str, Any]:
        """查看督查事项"""
        return queries.show_task(call.session, call.actor, task_id, now=call.clock.now())

    @route("PUT", TASK, permission=READ, body=MatterSchema, returns=TaskSchema)
    def revise(self, call: Call, task_id: UUID) -> dict[str, Any]:
        """修改登记内容(拟办前)"""
        revise_task(
            call.session,
            call.actor,
            call.clock,
            task_id=task_id,
            matter=matter_of(call.body),
            expected_revision=call.expected_revision(),
        )
        return queries.show_task(call.session, call.actor, task_id, now=call.clock.now())

    @route("GET", f"{TASK}/history", permission=READ, query=PageQuery, page_of=HistoryActSchema)
    def list_history(self, call: Call, task_id: UUID) -> Page[Any]:
        """办理过程"""
        task = get_task(call.session, call.actor, task_id, now=call.clock.now())
        return queries.page_acts(call.session, task.id, query=call.query)

    @route("GET", f"{TASK}/items", permission=READ, query=ItemQuery, page_of=ItemSchema)
    def list_items(self, call: Call, task_id: UUID) -> Page[Any]:
        """督查事项的全部待办"""
        task = get_task(call.session, call.actor, task_id, now=call.clock.now())
        return page_items(call.session, task.id, query=call.query)

    @route("POST", f"{TASK}/items/<uuid:item_id>/open", permission=READ)
    def open_item(self, call: Call, task_id: UUID, item_id: UUID) -> None:
        """打开待办(标记已读)"""
        open_item(call.session, call.actor, call.clock, task_id=task_id, item_id=item_id)

    @route("POST", f"{TASK}/items/<uuid:item_id>/read", permission=READ, body=ActSchema)
    def read_copy(self, call: Call, task_id: UUID, item_id: UUID) -> None:
        """督办单阅知"""
        opinion = call.body["opinion"]
        read_copy(call.session, call.actor, call.clock, task_id=task_id, item_id=item_id, opinion=opinion)

    @route("POST", f"{TASK}/files", permission=READ, form=FileFormSchema, returns=TaskFileSchema, status=201)
    def attach(self, call: Call, task_id: UUID) -> Any:
        """上传依据或佐证材料"""
        upload = call.file()
        return attach_file(
            call.session,
            call.actor,
            call.clock,
            task_id=task_id,
            blobs=call.blobs,
            stream=upload.stream,
            name=upload.name,
            title=call.body.get("title", ""),
        )

    @route(
        "GET",
        f"{TASK}/files/<uuid:file_id>/content",
        permission=READ,
        downloads="application/octet-stream",
        audited=True,
    )
    def download(self, call: Call, task_id: UUID, file_id: UUID) -> Download:
        """下载文件内容"""
        task = get_task(call.session, call.actor, task_id, now=call.clock.now())
        file = queries.get_file(call.session, task, file_id)
        chunks = call.blobs.chunks(file.digest)
        return Download(chunks=chunks, media_type=file.media_type, name=file.name, size=file.size)

    @route("GET", f"{TASK}/record", permission=READ, downloads=PDF, audited=True)
    def record(self, call: Call, task_id: UUID) -> Download:
        """督查事项办理单(PDF)"""
        task = get_task(call.session, call.actor, task_id, now=call.clock.now())
        pdf = call.blobs.read(queries.record_digest(task))
        return Download(chunks=[pdf], media_type=PDF, name=RECORD_NAME, size=len(pdf), inline=True)
