"""Routes for units, persons, posts, and their import."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from services.identity.api.files import read_files
from services.identity.commands import people, units
from services.identity.commands.accounts import disable_person, enable_person
from services.identity.commands.directory import abolish_post, check_import, dissolve_unit, import_directory
from services.identity.importing import error_report
from services.identity.queries import views
from services.identity.queries.people import get_person_in_scope, get_post, list_persons, list_posts
from services.identity.queries.units import get_unit, list_units
from services.identity.schemas import (
    ImportedSchema,
    ImportFormSchema,
    NewPersonSchema,
    NewPostSchema,
    NewUnitSchema,
    PersonFieldsSchema,
    PersonQuery,
    PersonReferenceSchema,
    PersonSchema,
    PostQuery,
    PostSchema,
    ReasonSchema,
    RetitleSchema,
    UnitFieldsSchema,
    UnitQuery,
    UnitSchema,
)
from shared.directory import list_administered
from shared.permissions import Permission
from shared.web import SIGNED_IN, Call, Download, Page, make_page, read_cursor, route

MANAGE = Permission.IDENTITY_DIRECTORY_MANAGE
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class DirectoryRoutes:
    """The directory, looked at by everybody and kept by system administrators within their scope."""

    @route("GET", "/units", permission=SIGNED_IN, query=UnitQuery, page_of=UnitSchema)
    def list_units(self, call: Call) -> Page[Any]:
        """单位列表"""
        query = call.query
        rows = list_units(
            call.session,
            parent_id=query["parent_id"],
            search=query["search"],
            after=_after(query["after"], int),
            limit=query["limit"],
        )
        return make_page(rows, query["limit"], lambda unit: (unit.position, unit.id))

    @route("POST", "/units", permission=MANAGE, body=NewUnitSchema, returns=UnitSchema, status=201)
    def register_unit(self, call: Call) -> Any:
        """登记单位"""
        particulars, parent_id = _particulars(call)
        return units.register_unit(
            call.session, call.actor, call.clock, parent_id=parent_id, particulars=particulars
        )

    @route("GET", "/units/<uuid:unit_id>", permission=SIGNED_IN, returns=UnitSchema)
    def get_unit(self, call: Call, unit_id: UUID) -> Any:
        """查看单位"""
        return get_unit(call.session, unit_id)

    @route("PUT", "/units/<uuid:unit_id>", permission=MANAGE, body=UnitFieldsSchema, returns=UnitSchema)
    def correct_unit(self, call: Call, unit_id: UUID) -> Any:
        """修改单位信息"""
        particulars, parent_id = _particulars(call)
        return units.correct_unit(
            call.session,
            call.actor,
            call.clock,
            unit_id=unit_id,
            parent_id=parent_id,
            particulars=particulars,
            expected_revision=call.expected_revision(),
        )

    @route("POST", "/units/<uuid:unit_id>/dissolve", permission=MANAGE)
    def dissolve_unit(self, call: Call, unit_id: UUID) -> None:
        """撤销单位"""
        dissolve_unit(call.session, call.actor, call.clock, unit_id=unit_id)

    @route("GET", "/persons", permission=MANAGE, query=PersonQuery, page_of=PersonSchema)
    def list_persons(self, call: Call) -> Page[Any]:
        """管理范围内的人员列表"""
        query, scope = call.query, list_administered(call.session, call.actor)
        rows = list_persons(
            call.session,
            unit_ids=list(scope),
            unit_id=query["unit_id"] if query["unit_id"] in scope else None,
            search=query["search"],
            after=_after(query["after"], str),
            limit=query["limit"],
        )
        page = make_page(rows, query["limit"], lambda person: (person.name, person.id))
        return Page([views.view_of_person_row(person) for person in page.items], page.next)

    @route("POST", "/persons", permission=MANAGE, body=NewPersonSchema, returns=PersonSchema, status=201)
    def register_person(self, call: Call) -> dict[str, Any]:
        """登记人员"""
        person = people.register_person(call.session, call.actor, call.clock, **call.body)
        return views.view_of_person(call.session, person)

    @route("GET", "/persons/<uuid:person_id>", permission=MANAGE, returns=PersonSchema)
    def get_person(self, call: Call, person_id: UUID) -> dict[str, Any]:
        """查看人员"""
        scope = list_administered(call.session, call.actor)
        person = get_person_in_scope(call.session, person_id, unit_ids=scope)
        return views.view_of_person(call.session, person)

    @route(
        "PUT", "/persons/<uuid:person_id>", permission=MANAGE, body=PersonFieldsSchema, returns=PersonSchema
    )
    def correct_person(self, call: Call, person_id: UUID) -> dict[str, Any]:
        """更正姓名或登录名"""
        person = people.correct_person(
            call.session,
            call.actor,
            call.clock,
            person_id=person_id,
            expected_revision=call.expected_revision(),
            **call.body,
        )
        return views.view_of_person(call.session, person)

    @route(
        "POST",
        "/persons/<uuid:person_id>/disable",
        permission=MANAGE,
        body=ReasonSchema,
        returns=PersonSchema,
    )
    def disable_person(self, call: Call, person_id: UUID) -> dict[str, Any]:
        """停用账号, 立即结束其全部登录"""
        reason = call.body["reason"]
        person = disable_person(call.session, call.actor, call.clock, person_id=person_id, reason=reason)
        return views.view_of_person(call.session, person)

    @route("POST", "/persons/<uuid:person_id>/enable", permission=MANAGE, returns=PersonSchema)
    def enable_person(self, call: Call, person_id: UUID) -> dict[str, Any]:
        """恢复账号"""
        person = enable_person(call.session, call.actor, call.clock, person_id=person_id)
        return views.view_of_person(call.session, person)

    @route("GET", "/posts", permission=SIGNED_IN, query=PostQuery, page_of=PostSchema)
    def list_posts(self, call: Call) -> Page[Any]:
        """岗位列表及在任人员"""
        query = call.query
        rows = list_posts(
            call.session,
            unit_id=query["unit_id"],
            after=_after(query["after"], int),
            limit=query["limit"],
        )
        page = make_page(rows, query["limit"], lambda post: (post.position, post.id))
        return Page(views.views_of_posts(call.session, page.items), page.next)

    @route("POST", "/posts", permission=MANAGE, body=NewPostSchema, returns=PostSchema, status=201)
    def create_post(self, call: Call) -> dict[str, Any]:
        """设置岗位"""
        post = people.create_post(call.session, call.actor, call.clock, **call.body)
        return views.view_of_post(call.session, post)

    @route("GET", "/posts/<uuid:post_id>", permission=SIGNED_IN, returns=PostSchema)
    def get_post(self, call: Call, post_id: UUID) -> dict[str, Any]:
        """查看岗位"""
        return views.view_of_post(call.session, get_post(call.session, post_id))

    @route("PUT", "/posts/<uuid:post_id>", permission=MANAGE, body=RetitleSchema, returns=PostSchema)
    def retitle_post(self, call: Call, post_id: UUID) -> dict[str, Any]:
        """更改岗位名称或排序"""
        post = people.retitle_post(
            call.session,
            call.actor,
            call.clock,
            post_id=post_id,
            expected_revision=call.expected_revision(),
            **call.body,
        )
        return views.view_of_post(call.session, post)

    @route("POST", "/posts/<uuid:post_id>/abolish", permission=MANAGE)
    def abolish_post(self, call: Call, post_id: UUID) -> None:
        """撤销岗位"""
        abolish_post(call.session, call.actor, call.clock, post_id=post_id)

    @route(
        "POST",
        "/posts/<uuid:post_id>/appoint",
        permission=MANAGE,
        body=PersonReferenceSchema,
        returns=PostSchema,
    )
    def appoint(self, call: Call, post_id: UUID) -> dict[str, Any]:
        """任命"""
        post = people.appoint(call.session, call.actor, call.clock, post_id=post_id, **call.body)
        return views.view_of_post(call.session, post)

    @route(
        "POST",
        "/posts/<uuid:post_id>/dismiss",
        permission=MANAGE,
        body=PersonReferenceSchema,
        returns=PostSchema,
    )
    def dismiss(self, call: Call, post_id: UUID) -> dict[str, Any]:
        """免职, 立即结束其以该岗位的登录"""
        post = people.dismiss(call.session, call.actor, call.clock, post_id=post_id, **call.body)
        return views.view_of_post(call.session, post)

    @route(
        "POST",
        "/import",
        permission=Permission.IDENTITY_IMPORT,
        form=ImportFormSchema,
        returns=ImportedSchema,
    )
    def import_directory(self, call: Call) -> dict[str, Any]:
        """导入单位、人员、岗位 (CSV 或 XLSX)"""
        reading = read_files(call.files)
        dry_run = call.body["dry_run"]
        return asdict(
            import_directory(call.session, call.actor, call.clock, reading=reading, dry_run=dry_run)
        )

    @route(
        "POST", "/import/report", permission=Permission.IDENTITY_IMPORT, form=ImportFormSchema, downloads=XLSX
    )
    def report_import(self, call: Call) -> Download:
        """检查导入文件, 以表格列出全部问题"""
        findings = check_import(call.session, call.actor, reading=read_files(call.files)).findings
        content = error_report(findings)
        return Download(chunks=[content], media_type=XLSX, name="导入问题.xlsx", size=len(content))


def _after(cursor: str | None, kind: type) -> Any:
    return tuple(read_cursor(cursor, kind, UUID)) if cursor else None


def _particulars(call: Call) -> tuple[dict[str, Any], UUID | None]:
    particulars = {**call.body, "issuing_codes": tuple(call.body["issuing_codes"])}
    return particulars, particulars.pop("parent_id")
