"""A city government's office that holds meetings, and two bureaus that come to them, at work over HTTP."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import requests
import sqlalchemy as sa

from services.identity.domain.roles import Role
from services.meetings.commands.closing import conclude_due
from services.meetings.commands.following import follow_drafted, follow_issued, follow_task
from services.meetings.models import Decision, Minutes
from shared.auth import Actor
from shared.calendar_days import EVERY_UNIT, CalendarDay, seed_days
from shared.clock import FixedClock
from shared.directory import DirectoryPost, DirectoryTenure
from shared.events import supervision as told
from shared.events.base import Event
from shared.events.documents import Blob, DocumentDrafted, DocumentIssued, Doer
from shared.events.origin import Origin
from shared.flow.models import ItemStatus, WorkItem
from shared.ids import new_id
from shared.messaging.models import OutboxEvent
from tests.support.api import RunningApi, SignedIn
from tests.support.organs import Organs

Json = dict[str, Any]
DOER = Doer(person_id=None, person_name="系统", post_id=None, post_title="", unit_name="")
PDF = Blob(digest="sha256:" + "0" * 64, size=9, media_type="application/pdf", name="正本.pdf")


class House(Organs):
    """Units and people by short names."""

    def fill(self) -> None:
        with self.session() as session:
            seed_days(session)
            next_year = datetime.now(UTC).year + 1
            for year in (next_year - 1, next_year):
                first = CalendarDay(day=date(year, 1, 1), unit_id=EVERY_UNIT, kind="off", source="测试")
                session.merge(first)
            city = self.unit(session, "市政府", "萍乡市人民政府", kind="government")
            office = self.unit(
                session, "市政府办", "萍乡市人民政府办公室", kind="general_office", parent=city
            )
            self.post(session, "市长", city, Role.PRINCIPAL)
            self.post(session, "秘书长", office, Role.OFFICE_DIRECTOR)
            self.post(session, "副市长", office, Role.DEPUTY)
            self.post(session, "会务", office, Role.REGISTRY)
            self.post(session, "会务二", office, Role.REGISTRY)
            for name, full in (("财政", "萍乡市财政局"), ("数据", "萍乡市数据局")):
                bureau = self.unit(session, name, full, parent=city)
                self.post(session, f"{name}局长", bureau, Role.PRINCIPAL)
                self.post(session, f"{name}副局长", bureau, Role.DEPUTY)
                self.post(session, f"{name}文书", bureau, Role.REGISTRY)
                self.post(session, f"{name}科员", bureau, Role.HANDLER)
            self.post(session, "规则员", office, Role.SYSTEM_ADMINISTRATOR, scope=[city])

    @contextmanager
    def abolished(self, *names: str) -> Iterator[None]:
        """Meanwhile their posts are not in force."""
        with self._without(DirectoryPost, [self.post_id(name) for name in names]):
            yield

    @contextmanager
    def vacated(self, name: str) -> Iterator[None]:
        """Meanwhile nobody holds that post."""
        with self._without(DirectoryTenure, [self.people[name].tenure_id]):
            yield

    @contextmanager
    def _without(
        self, table: type[DirectoryPost | DirectoryTenure], ids: Sequence[UUID | None]
    ) -> Iterator[None]:
        try:
            self._set_active(table, ids, active=False)
            yield
        finally:
            self._set_active(table, ids, active=True)

    def _set_active(
        self, table: type[DirectoryPost | DirectoryTenure], ids: Sequence[UUID | None], *, active: bool
    ) -> None:
        with self.session() as session:
            for row_id in ids:
                session.get_one(table, row_id).active = active


@dataclass
class Hall:
    """Asks the running api as people by their short names; plays documents and supervision by their events."""

    api: RunningApi
    house: House
    tasks: dict[str, UUID] = field(default_factory=dict)

    def person(self, name: str) -> SignedIn:
        return self.house.signed_in(name)

    def ask(self, by: str, method: str, path: str, **options: Any) -> requests.Response:
        return self.api.ask(method, path, self.person(by) if by else None, **options)

    def do(self, by: str, method: str, path: str, body: Json | None = None, **options: Any) -> Any:
        """What is answered, which must be a success."""
        if method != "GET":
            options = {"json": body or {}, **options}
        answer = self.ask(by, method, path, **options)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def one_more(self, kind: str) -> int:
        """Plan one more meeting of that kind than were called this year; returns how many that makes.

        What other tests have planned for other kinds stays.
        """
        used = {one["key"]: one for one in self.do("会务", "GET", "/quotas")["items"]}[kind]["used"]
        office = self.unit("市政府办")
        now = self.do("规则员", "GET", f"/local-rules/quota?unit_id={office}")["value"] or {}
        rule = {
            "unit_id": office, "valid_from": "2020-01-01", "reason": "年度会议计划",
            "value": {**now, "meetings": {**now.get("meetings", {}), kind: used + 1}},
        }  # fmt: skip
        self.do("规则员", "POST", "/local-rules/quota/versions", rule)
        planned: int = used + 1
        return planned

    def refused(self, by: str, method: str, path: str, body: Json | None = None, **options: Any) -> str:
        """The code of the refusal, which must say in Chinese what is wrong."""
        answer = self.ask(by, method, path, json=body or {}, **options)
        assert answer.status_code >= 400, answer.text
        assert answer.json()["detail"]
        return f"{answer.status_code} {answer.json()['code']}"

    def unit(self, name: str) -> str:
        return str(self.house.units[name])

    def post(self, name: str) -> str:
        return str(self.house.post_id(name))

    def a_topic(self, **changes: Any) -> Json:
        return {
            "unit_id": self.unit("市政府办"),
            "title": "关于加快推进电子文件归档的议题",
            "content": "全市电子文件归档率为30%。",
            "question": "请审定年度目标。",
            "coordinated": "agreed",
            "coordination": "已征求财政局意见，意见一致。",
            **changes,
        }

    def topic(self, *, by: str = "数据文书", paper: bool = True, **changes: Any) -> str:
        """A drafted topic with a short paper."""
        topic_id: str = self.do(by, "POST", "/topics", self.a_topic(**changes))["id"]
        if paper:
            self.attach(by, f"/topics/{topic_id}/files", "归档率提升方案。".encode())
        return topic_id

    def attach(self, by: str, path: str, data: bytes, name: str = "方案.txt") -> Json:
        answer = self.ask(by, "POST", path, files={"file": (name, data)})
        assert answer.status_code == 201, answer.text
        kept: Json = answer.json()
        return kept

    def approved_topic(self, **changes: Any) -> str:
        """A topic that waits to be put on an agenda."""
        topic_id = self.topic(**changes)
        self.do("数据文书", "POST", f"/topics/{topic_id}/submit")
        self.do("秘书长", "POST", f"/topics/{topic_id}/screen", {"outcome": "pass"})
        self.do(
            "副市长", "POST", f"/topics/{topic_id}/approve", {"outcome": "approve", "opinion": "同意上会"}
        )
        return topic_id

    def a_plan(self, **changes: Any) -> Json:
        starts = datetime.now(UTC) + timedelta(minutes=20)
        return {
            "kind": "专题会",
            "title": "电子文件归档专题会议",
            "starts_at": starts.isoformat(),
            "ends_at": (starts + timedelta(hours=2)).isoformat(),
            "place": "第一会议室",
            "chair_post_id": self.post("市长"),
            **changes,
        }

    def meeting(self, **changes: Any) -> str:
        meeting_id: str = self.do("会务", "POST", "/meetings", self.a_plan(**changes))["id"]
        return meeting_id

    def called(self, *invited: str, **changes: Any) -> str:
        """A called meeting with one matter on its agenda."""
        meeting_id = self.meeting(**changes)
        self.do("会务", "POST", f"/meetings/{meeting_id}/agenda", {"title": "通报有关情况"})
        invitees = [{"post_id": self.post(name)} for name in invited or ("财政局长", "数据局长")]
        self.do("会务", "POST", f"/meetings/{meeting_id}/invitations", {"invitees": invitees})
        self.call(meeting_id)
        return meeting_id

    def call(self, meeting_id: str, **stated: Any) -> Json:
        """Call it with all warnings acknowledged."""
        found = self.do("会务", "GET", f"/meetings/{meeting_id}/check")["findings"]
        read = {"acknowledged": [one["key"] for one in found]}
        called: Json = self.do("会务", "POST", f"/meetings/{meeting_id}/call", {**read, **stated})
        return called

    def held(self, meeting_id: str) -> None:
        """From called to held, everything on the agenda heard."""
        self.do("会务", "POST", f"/meetings/{meeting_id}/begin")
        for item in self.show("会务", meeting_id)["agenda"]:
            path = f"/meetings/{meeting_id}/agenda/{item['id']}/outcome"
            self.do("会务", "POST", path, {"outcome": "heard"})
        self.do("会务", "POST", f"/meetings/{meeting_id}/end")

    def a_decision(self, **changes: Any) -> Json:
        due = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
        return {
            "text": "年底前电子文件归档率达到80%",
            "lead_unit_id": self.unit("数据"),
            "assistant_unit_ids": [self.unit("财政")],
            "due_on": due,
            **changes,
        }

    def approved(self, meeting_id: str) -> None:
        """From held to approved minutes."""
        minutes = f"/meetings/{meeting_id}/minutes"
        self.do("会务", "POST", minutes)
        self.do("会务", "POST", f"{minutes}/submit")
        self.do("市长", "POST", f"{minutes}/decide", {"approved": True, "opinion": "同意"})

    def show(self, by: str, meeting_id: str) -> Json:
        shown: Json = self.do(by, "GET", f"/meetings/{meeting_id}")
        return shown

    def seat(self, meeting_id: str, name: str) -> Json:
        seats = self.show("会务", meeting_id)["invitations"]
        return next(seat for seat in seats if seat["post_id"] == self.post(name))

    def duties(self, subject_id: str) -> set[tuple[str, str]]:
        """Who has which step open to do."""
        names = {self.house.post_id(name): name for name in self.house.people}
        open_items = sa.select(WorkItem).where(
            WorkItem.subject_id == UUID(subject_id),
            WorkItem.status == ItemStatus.OPEN,
            WorkItem.role != "reader",
        )
        with self.house.session() as session:
            return {(names[item.post_id], item.step_id) for item in session.scalars(open_items)}

    def told(self, subject_id: str | UUID) -> list[str]:
        kept = sa.select(OutboxEvent.key).where(OutboxEvent.subject == UUID(str(subject_id)))
        with self.house.session() as session:
            return [str(key) for key in session.scalars(kept.order_by(OutboxEvent.position))]

    def system(self) -> Actor:
        return Actor.system(new_id())

    def draft(self, meeting_id: str) -> UUID:
        """Documents makes a draft of the 纪要."""
        about = self._document(meeting_id)
        drafted = DocumentDrafted(
            **about, direction="dispatch", urgency="", doer=DOER, drafted_at=self.house.clock.now(), reply_to_id=None
        )  # fmt: skip
        with self.house.session() as session:
            follow_drafted(session, self.system(), self.house.clock, event=drafted)
        return drafted.document_id

    def issue(self, meeting_id: str) -> UUID:
        """Documents drafts and issues the 纪要."""
        about = {**self._document(meeting_id), "document_id": self.draft(meeting_id)}
        issued = DocumentIssued(
            **about, number="萍府办纪要〔2026〕1号", urgency="", recipients=(), doer=DOER,
            issued_at=self.house.clock.now(), reply_to_id=None, rendered=PDF,
        )  # fmt: skip
        with self.house.session() as session:
            follow_issued(session, self.system(), self.house.clock, event=issued)
        return issued.document_id

    def _document(self, meeting_id: str) -> Json:
        with self.house.session() as session:
            minutes_id = session.scalars(
                sa.select(Minutes.id).where(Minutes.meeting_id == UUID(meeting_id))
            ).one()
        return {
            "document_id": new_id(),
            "owner_unit_id": self.house.units["市政府办"],
            "kind": "纪要",
            "title": "纪要",
            "origin": Origin(
                system="meetings", kind="minutes", id=minutes_id, title="纪要", number="", link="/"
            ),
        }

    def register(self, meeting_id: str) -> list[UUID]:
        """Supervision makes a task of each decision."""
        with self.house.session() as session:
            wanted = sa.select(Decision).where(Decision.meeting_id == UUID(meeting_id))
            decisions = session.scalars(wanted.order_by(Decision.position)).all()
        made = []
        for one in decisions:
            task_id = new_id()
            self.tell(
                told.TaskRegistered(
                    task_id=task_id, unit_id=self.house.units["市政府办"], parent_id=None, title=one.text,
                    source=told.TaskSource.MEETING, due_on=one.due_on, doer=DOER,
                    registered_at=self.house.clock.now(),
                    origin=Origin(
                        system="meetings", kind="decision", id=one.id, title="", number="", link="/"
                    ),
                )
            )  # fmt: skip
            made.append(task_id)
        return made

    def tell(self, *events: Event) -> None:
        """Supervision says so."""
        with self.house.session() as session:
            for event in events:
                follow_task(session, self.system(), self.house.clock, event=event)

    def conclude(self) -> int:
        """The timer's tick, at the moment that it is."""
        clock = FixedClock(datetime.now(UTC))
        with self.house.session() as session:
            return conclude_due(session, self.system(), clock, blobs=self.house.blobs, font_dir="")
