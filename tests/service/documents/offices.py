"""A city office, two city bureaus and two counties, with somebody in every post that documents pass through."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.documents.commands.deliver import deliver_document
from services.documents.commands.draft import draft_document
from services.documents.commands.work import complete_step
from services.documents.models import Document
from services.documents.preparing import prepare
from services.identity.domain.roles import Role
from shared.auth import Actor
from shared.calendar_days import seed_days
from shared.config import read_settings
from shared.flow.models import ItemStatus, WorkItem
from shared.ids import new_id
from shared.runtime_context import Runtime
from tests.support.organs import MONDAY, Organs

MORNING = MONDAY
BODY = [
    "各区人民政府，市政府各部门：",
    "为做好机关电子文件归档工作，现将有关事项通知如下。",
    "一、明确归档范围",
    "凡办理完毕、具有保存价值的电子文件，均应及时归档。",
    "二、落实责任",
    "各单位应当指定专人负责，按时完成移交。",
]
TITLE = "萍乡市人民政府办公室关于做好电子文件归档工作的通知"


@dataclass
class Offices(Organs):
    """The offices, and short ways to do things in somebody's name."""

    def fill(self) -> None:
        """Make the units, the posts and the flows."""
        with self.session() as session:
            seed_days(session)
            runtime = Runtime(settings=read_settings(), clock=self.clock)
            prepare(session, Actor.system(new_id()), runtime)
            city = self.unit(session, "市政府", "萍乡市人民政府", kind="government")
            office = self.unit(
                session,
                "市政府办",
                "萍乡市人民政府办公室",
                kind="general_office",
                parent=city,
                codes=["萍府办发"],
            )
            self.post(session, "市拟稿", office, Role.HANDLER)
            self.post(session, "市核稿", office, Role.OFFICE_DIRECTOR)
            self.post(session, "市签发", office, Role.PRINCIPAL)
            self.post(session, "市副职", office, Role.DEPUTY)
            self.post(session, "市文书", office, Role.REGISTRY)
            for name, full in (("市档案局", "萍乡市档案局"), ("市财政局", "萍乡市财政局")):
                bureau = self.unit(session, name, full, parent=city, codes=[full[2:4]])
                self.post(session, f"{name}领导", bureau, Role.PRINCIPAL)
                self.post(session, f"{name}文书", bureau, Role.REGISTRY)
            for name, full in (("安源", "安源区"), ("湘东", "湘东区")):
                county = self.unit(
                    session,
                    name,
                    f"{full}人民政府",
                    kind="government",
                    level="county",
                    parent=city,
                    codes=[f"{name[0]}府发"],
                )
                self.post(session, f"{name}文书", county, Role.REGISTRY)
                self.post(session, f"{name}主任", county, Role.OFFICE_DIRECTOR)
                self.post(session, f"{name}区长", county, Role.PRINCIPAL)
                self.post(session, f"{name}承办", county, Role.HANDLER)
            self.post(session, "市管理员", office, Role.SYSTEM_ADMINISTRATOR, scope=[city])

    def draft(self, *, by: str = "市拟稿", **changes: Any) -> UUID:
        """A notice of the city office to both counties."""
        draft = {
            "kind": "通知",
            "title": TITLE,
            "body": BODY,
            "issuing_code": "萍府办发",
            "recipients": [{"unit_id": self.units["安源"]}, {"unit_id": self.units["湘东"]}],
            **changes,
        }
        with self.session() as session:
            return draft_document(session, self.actor(by), self.clock, draft=draft).id

    def do(self, document_id: UUID, step: str, by: str, *, of: str = "", **request: Any) -> None:
        """Complete that person's open item of a step, or the one `of` whom the person stands in for."""
        with self.session() as session:
            complete_step(
                session,
                self.actor(by),
                self.clock,
                document_id=document_id,
                item_id=self.open_item(session, document_id, step, of or by),
                blobs=self.blobs,
                font_dir="",
                request=request,
            )

    def open_item(self, session: Session, document_id: UUID, step: str, holder: str) -> UUID:
        wanted = sa.select(WorkItem.id).where(
            WorkItem.subject_id == document_id,
            WorkItem.step_id == step,
            WorkItem.post_id == self.post_id(holder),
            WorkItem.status == ItemStatus.OPEN,
        )
        return session.scalars(wanted).one()

    def choose(self, *names: str, lead: str = "") -> Mapping[str, Any]:
        chosen: dict[str, Any] = {"post_ids": [self.post_id(name) for name in names]}
        return {**chosen, "lead_post_id": self.post_id(lead)} if lead else chosen

    def sign(self, document_id: UUID) -> None:
        """From the drafter's hands to signed, without countersigning."""
        self.do(document_id, "draft", "市拟稿", choices={"review": self.choose("市核稿")})
        self.do(document_id, "review", "市核稿", opinion="拟同意", choices={"sign": self.choose("市签发")})
        self.do(document_id, "sign", "市签发", outcome="agree", opinion="同意")

    def number(self, document_id: UUID) -> str:
        """From signed to numbered."""
        self.do(document_id, "check", "市文书", outcome="pass")
        self.do(document_id, "register", "市文书")
        number = self.get(document_id).number
        assert number
        return number

    def issue(self, document_id: UUID) -> None:
        """From numbered to issued and delivered."""
        self.do(document_id, "render", "市文书")
        self.do(document_id, "issue", "市文书")
        with self.session() as session:
            deliver_document(session, Actor.system(new_id()), self.clock, document_id=document_id)

    def get(self, document_id: UUID) -> Document:
        with self.session() as session:
            return session.get_one(Document, document_id)

    def incoming(self, source_id: UUID, unit: str) -> Document:
        wanted = sa.select(Document).where(
            Document.source_id == source_id, Document.owner_unit_id == self.units[unit]
        )
        with self.session() as session:
            return session.scalars(wanted).one()
