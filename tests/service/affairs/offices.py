"""Organs that apply to each other: one bureau handles, two take part, the bureau of schools applies."""

import io
import json
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.affairs.commands import check, work
from services.affairs.commands.apply import apply_case
from services.affairs.commands.files import upload_file
from services.affairs.commands.matters import draft_matter, publish_matter
from services.affairs.means import Means
from services.affairs.models import Case, CaseMaterial, Result
from services.affairs.preparing import prepare
from services.affairs.schemas.case_requests import ApplicationSchema
from services.affairs.schemas.matters import MatterContentSchema
from services.identity.domain.roles import Role
from shared.auth import Actor
from shared.calendar_days import seed_days
from shared.clock import FixedClock
from shared.config import read_settings
from shared.flow.models import ItemStatus, WorkItem
from shared.ids import new_id
from shared.messaging.models import OutboxEvent
from shared.runtime_context import Runtime
from tests.support.organs import MONDAY, Organs

SECRET = "a secret that is long enough for tests only"
HANDLER, ACTING, DECIDER, WINDOW = "人社承办", "财政承办", "人社领导", "人社窗口"
APPLICANT, ELSEWHERE = "教育申请", "统计承办"
FORM = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "title": "姓名", "minLength": 2},
        "age": {"type": "integer", "title": "年龄", "minimum": 18},
    },
    "required": ["name"],
    "additionalProperties": False,
}
MATERIALS = [
    {"code": "M1", "name": "调动申请表"},
    {"code": "M2", "name": "体检报告", "may_defer": True},
    {"code": "M3", "name": "无犯罪记录证明", "may_declare": True},
]


@dataclass
class Offices(Organs):
    """The organs, and short ways to do things in somebody's name."""

    clock: FixedClock = field(default_factory=lambda: FixedClock(MONDAY))

    @property
    def means(self) -> Means:
        return Means(blobs=self.blobs, secret_key=SECRET, public_url="https://oa.example.gov.cn")

    def fill(self) -> None:
        with self.session() as session:
            seed_days(session)
            settings = replace(read_settings(), secret_key=SECRET)
            prepare(session, Actor.system(new_id()), Runtime(settings=settings, clock=self.clock))
            for short, posts in _UNITS.items():
                unit_id = self.unit(session, short, f"萍乡市{short}局")
                for name, role in posts.items():
                    self.post(session, name, unit_id, role)

    def content(self, **changes: Any) -> dict[str, Any]:
        """What a matter says: five days promised, done by the bureau's own people."""
        said = {
            "name": "事业单位人员调动",
            "legal_days": 20,
            "promised_days": 5,
            "form": FORM,
            "materials": MATERIALS,
            "handler_post_ids": [str(self.post_id(HANDLER))],
            "decider_post_ids": [str(self.post_id(DECIDER))],
            "result_name": "调动批复",
            "result_code": "萍人社调",
            "original_trips": 3,
            "original_materials": 8,
            **changes,
        }
        loaded: dict[str, Any] = MatterContentSchema().load(said)
        return loaded

    def matter(self, **changes: Any) -> UUID:
        """A published matter of the bureau of personnel."""
        code = f"RS-{new_id().hex[-12:]}"
        actor = self.actor("人社主任")
        with self.session() as session:
            matter, _ = draft_matter(session, actor, self.clock, code=code, content=self.content(**changes))
            publish_matter(session, actor, self.clock, matter_id=matter.id)
            return matter.id

    def joint(self, *names: str) -> list[dict[str, str]]:
        """Departments that take part, each by that post."""
        return [
            {"unit_id": str(self.people[name].unit_id), "post_id": str(self.post_id(name))} for name in names
        ]

    def file(self, name: str = APPLICANT, text: str = "材料") -> str:
        """An uploaded file of that person's."""
        with self.session() as session:
            stream = io.BytesIO(text.encode())
            kept = upload_file(
                session, self.actor(name), self.clock, means=self.means, stream=stream, name="材料.txt"
            )
            return str(kept.id)

    def application(self, matter_id: UUID, *, by: str = APPLICANT, **changes: Any) -> dict[str, Any]:
        """A complete application."""
        said = {
            "matter_id": str(matter_id),
            "form": {"name": "李娟", "age": 30},
            "materials": [{"code": code, "file_id": self.file(by)} for code in ("M1", "M2", "M3")],
            **changes,
        }
        loaded: dict[str, Any] = ApplicationSchema().load(said)
        return loaded

    def apply(self, matter_id: UUID, *, by: str = APPLICANT, **changes: Any) -> UUID:
        return self.hand_in(self.application(matter_id, by=by, **changes), by=by)

    def hand_in(self, application: dict[str, Any], *, by: str = APPLICANT) -> UUID:
        with self.session() as session:
            return apply_case(session, self.actor(by), self.clock, application=application).case.id

    def accept(self, case_id: UUID, **request: Any) -> None:
        with self.session() as session:
            check.accept_case(session, self.actor(WINDOW), self.clock, case_id=case_id, **request)

    def do(self, case_id: UUID, step: str, by: str, **request: Any) -> None:
        """Complete that person's open item of a step of the flow."""
        with self.session() as session:
            item_id = self.open_item(session, case_id, step, by).id
        self.complete(case_id, item_id, by, **request)

    def complete(self, case_id: UUID, item_id: UUID, by: str, **request: Any) -> None:
        with self.session() as session:
            work.complete_step(
                session,
                self.actor(by),
                self.clock,
                case_id=case_id,
                item_id=item_id,
                means=self.means,
                request=request,
            )

    def decide(self, case_id: UUID, **request: Any) -> None:
        """From accepted to decided."""
        self.do(case_id, "handle", HANDLER, opinion="拟同意")
        self.do(case_id, "decide", DECIDER, **{"outcome": "grant", "opinion": "同意", **request})

    def run(self, command: Any, by: str, case_id: UUID, **request: Any) -> None:
        with self.session() as session:
            command(session, self.actor(by), self.clock, case_id=case_id, **request)

    def answer(self, command: Any, by: str, case_id: UUID, code: str, **request: Any) -> None:
        """A department's answer to what it is asked for."""
        material_id = self.material(case_id, code).id
        with self.session() as session:
            command(session, self.actor(by), self.clock, material_id=material_id, **request)

    def open_item(self, session: Session, case_id: UUID, step: str, holder: str) -> WorkItem:
        wanted = sa.select(WorkItem).where(
            WorkItem.subject_id == case_id,
            WorkItem.step_id == step,
            WorkItem.post_id == self.post_id(holder),
            WorkItem.status == ItemStatus.OPEN,
        )
        return session.scalars(wanted).one()

    def open_steps(self, case_id: UUID) -> list[tuple[str, UUID]]:
        """Who has what to do."""
        wanted = sa.select(WorkItem.step_id, WorkItem.post_id).where(
            WorkItem.subject_id == case_id, WorkItem.status == ItemStatus.OPEN
        )
        with self.session() as session:
            return sorted((row.step_id, row.post_id) for row in session.execute(wanted))

    def steps(self, case_id: UUID) -> set[str]:
        return {step for step, _ in self.open_steps(case_id)}

    def case(self, case_id: UUID) -> Case:
        with self.session() as session:
            return session.get_one(Case, case_id)

    def material(self, case_id: UUID, code: str) -> CaseMaterial:
        wanted = sa.select(CaseMaterial).where(CaseMaterial.case_id == case_id, CaseMaterial.code == code)
        with self.session() as session:
            return session.scalars(wanted).one()

    def result(self, case_id: UUID) -> Result:
        with self.session() as session:
            return session.scalars(sa.select(Result).where(Result.case_id == case_id)).one()

    def told(self, case_id: UUID, *keys: str) -> list[dict[str, Any]]:
        """The events of those keys that the case told, in order."""
        wanted = sa.select(OutboxEvent).where(OutboxEvent.subject == case_id, OutboxEvent.key.in_(keys))
        with self.session() as session:
            rows = session.scalars(wanted.order_by(OutboxEvent.sequence)).all()
            return [json.loads(row.data) for row in rows]

    def later(self, **span: float) -> None:
        """Time passes."""
        self.clock.at += timedelta(**span)


_UNITS: dict[str, dict[str, Role]] = {
    "人社": {
        WINDOW: Role.REGISTRY,
        HANDLER: Role.HANDLER,
        DECIDER: Role.PRINCIPAL,
        "人社主任": Role.OFFICE_DIRECTOR,
    },
    "财政": {ACTING: Role.HANDLER, "财政领导": Role.PRINCIPAL},
    "编制": {"编制承办": Role.HANDLER},
    "教育": {APPLICANT: Role.SUPERVISOR, "教育文书": Role.REGISTRY, "教育同事": Role.SUPERVISOR},
    "统计": {ELSEWHERE: Role.HANDLER, "统计文书": Role.REGISTRY},
}
