"""A bundle of three matters of three organs, applied for and worked on as people do it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.affairs.commands import bundle_check, bundles, work
from services.affairs.commands.bundle_apply import apply_bundle
from services.affairs.commands.bundle_follow import follow_bundle, watch_bundles
from services.affairs.commands.matters import draft_matter, publish_matter
from services.affairs.models import BundleApplication
from services.affairs.queries.bundle_applications import show_application
from services.affairs.schemas.bundle_applications import ApplyBundleRequest
from services.affairs.schemas.bundles import NewBundleRequest
from services.identity.domain.roles import Role
from shared.auth import Actor
from shared.flow.models import ItemStatus, WorkItem
from shared.ids import new_id
from tests.service.affairs.offices import APPLICANT, Offices

NAME = {"type": "string", "title": "姓名", "minLength": 2}
FORMS = {
    "人社": {
        "type": "object",
        "properties": {"name": NAME, "grade": {"type": "string"}},
        "required": ["name"],
    },
    "财政": {
        "type": "object",
        "properties": {"name": NAME, "bank": {"type": "string"}},
        "required": ["name"],
    },
    "编制": {"type": "object", "properties": {"name": NAME}, "required": ["name"]},
}
DAYS = {"人社": 5, "财政": 3, "编制": 4}


@dataclass
class BundleOffices:
    """人社 and 编制 side by side, then 财政; 人社 takes applications in."""

    offices: Offices
    matters: dict[str, UUID]
    bundle_id: UUID

    @staticmethod
    def open(
        offices: Offices, *, materials: dict[str, list[dict[str, Any]]] | None = None
    ) -> "BundleOffices":
        with offices.session() as session:
            for short in DAYS:
                offices.post(session, f"{short}编目", offices.units[short], Role.OFFICE_DIRECTOR)
                offices.post(session, f"{short}经办", offices.units[short], Role.HANDLER)
                offices.post(session, f"{short}审批", offices.units[short], Role.PRINCIPAL)
        matters = {}
        for short, days in DAYS.items():
            content = offices.content(
                name=f"{short}事项",
                form=FORMS[short],
                promised_days=days,
                materials=(materials or {}).get(short, [{"code": "A", "name": "调动申请表"}]),
                handler_post_ids=[str(offices.post_id(f"{short}经办"))],
                decider_post_ids=[str(offices.post_id(f"{short}审批"))],
                result_code=f"萍{short}证",
                result_name=f"{short}批复",
            )
            actor = offices.actor(f"{short}编目")
            with offices.session() as session:
                matter, _ = draft_matter(
                    session, actor, offices.clock, code=f"{short}-{new_id().hex[-8:]}", content=content
                )
                publish_matter(session, actor, offices.clock, matter_id=matter.id)
                matters[short] = matter.id
        made = BundleOffices(offices, matters, UUID(int=0))
        made.bundle_id = made.define()
        return made

    def define(self, **changes: Any) -> UUID:
        parts = [
            {"matter_id": str(self.matters["人社"])},
            {"matter_id": str(self.matters["编制"])},
            {
                "matter_id": str(self.matters["财政"]),
                "after": [str(self.matters["人社"]), str(self.matters["编制"])],
            },
        ]
        said = {"code": new_id().hex[-12:], "name": "人员调动一件事", "parts": parts, **changes}
        body = NewBundleRequest().load(said)
        code = body.pop("code")
        offices, actor = self.offices, self.offices.actor("人社编目")
        with offices.session() as session:
            bundle = bundles.draft_bundle(session, actor, offices.clock, code=code, content=body)
            bundles.publish_bundle(session, actor, offices.clock, bundle_id=bundle.id)
            return bundle.id

    def apply(self, *, by: str = APPLICANT, **changes: Any) -> UUID:
        said = {
            "bundle_id": str(self.bundle_id),
            "form": {"name": "李娟", "bank": "6222"},
            "materials": [{"key": "调动申请表", "file_id": self.offices.file(by)}],
            **changes,
        }
        request = ApplyBundleRequest().load(said)
        offices = self.offices
        with offices.session() as session:
            return apply_bundle(session, offices.actor(by), offices.clock, request=request).application.id

    def accept(self, application_id: UUID, by: str = "人社窗口") -> None:
        self.run(bundle_check.accept_bundle, by, application_id)

    def run(self, command: Any, by: str, application_id: UUID, **request: Any) -> None:
        offices = self.offices
        with offices.session() as session:
            command(session, offices.actor(by), offices.clock, application_id=application_id, **request)

    def follow(self, application_id: UUID) -> None:
        """What the worker does when a case is over."""
        with self.offices.session() as session:
            follow_bundle(session, Actor.system(new_id()), self.offices.clock, application_id=application_id)

    def watch(self) -> None:
        with self.offices.session() as session:
            watch_bundles(session, Actor.system(new_id()), self.offices.clock)

    def show(self, application_id: UUID, by: str = APPLICANT) -> dict[str, Any]:
        offices = self.offices
        with offices.session() as session:
            return show_application(session, offices.actor(by), application_id, now=offices.clock.now())

    def part(self, application_id: UUID, short: str) -> dict[str, Any]:
        parts = self.show(application_id)["parts"]
        return next(part for part in parts if part["matter_id"] == self.matters[short])

    def states(self, application_id: UUID) -> dict[str, str]:
        return {short: self.part(application_id, short)["state"] for short in self.matters}

    def decide(
        self, application_id: UUID, short: str, *, outcome: str = "grant", followed: bool = True
    ) -> None:
        """The part goes from its handlers to its decision, and the bundle goes on."""
        offices, case_id = self.offices, self.part(application_id, short)["case_id"]
        for step, by, request in (
            ("handle", f"{short}经办", {"opinion": "拟办"}),
            ("decide", f"{short}审批", {"outcome": outcome, "opinion": "已核"}),
        ):
            with offices.session() as session:
                work.complete_step(
                    session,
                    offices.actor(by),
                    offices.clock,
                    case_id=case_id,
                    item_id=offices.open_item(session, case_id, step, by).id,
                    means=offices.means,
                    request=request,
                )
        if followed:
            self.follow(application_id)

    def row(self, application_id: UUID) -> BundleApplication:
        with self.offices.session() as session:
            return session.get_one(BundleApplication, application_id)

    def open_work(self) -> list[tuple[str, str]]:
        """All open items of these offices: step and holder."""
        names = {actor.post_id: name for name, actor in self.offices.people.items()}
        wanted = sa.select(WorkItem.step_id, WorkItem.post_id).where(
            WorkItem.status == ItemStatus.OPEN, WorkItem.post_id.in_(names)
        )
        with self.offices.session() as session:
            return sorted((step, names[post_id]) for step, post_id in session.execute(wanted))
