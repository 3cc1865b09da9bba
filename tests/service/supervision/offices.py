"""A city office that supervises, and three bureaus that do the work, with somebody in every post."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.identity.domain.roles import Role
from services.supervision.commands import assign, close, establish, give_back, rest, slips, timing, work
from services.supervision.commands.close import Press
from services.supervision.commands.matter import Matter, Named
from services.supervision.commands.register import register_task
from services.supervision.commands.watch import watch_tasks
from services.supervision.domain.deadlines import Limit
from services.supervision.models import Task, TaskAct
from shared.auth import Actor
from shared.calendar_days import DayRow, import_days, seed_days
from shared.clock import FixedClock
from shared.directory import DirectoryPost, DirectoryUnit
from shared.events.supervision import TaskSource
from shared.flow.models import ItemStatus, WorkItem
from shared.ids import new_id
from shared.messaging.models import OutboxEvent
from shared.workdays import DayKind
from tests.support.organs import MONDAY, Organs

__all__ = ["MONDAY", "Offices"]


@dataclass
class Offices(Organs):
    """The offices, and short ways to do things in somebody's name."""

    clock: FixedClock = field(default_factory=lambda: FixedClock(MONDAY))

    def fill(self) -> None:
        with self.session() as session:
            seed_days(session)
            city = self.unit(session, "市政府", "萍乡市人民政府", kind="government", codes=["萍府发"])
            office = self.unit(
                session,
                "市政府办",
                "萍乡市人民政府办公室",
                kind="general_office",
                parent=city,
                codes=["萍府办发"],
            )
            self.post(session, "市领导", office, Role.PRINCIPAL)
            self.post(session, "市副职", office, Role.DEPUTY)
            section = self.unit(
                session,
                "督查科",
                "萍乡市人民政府办公室督查科",
                kind="internal_office",
                parent=office,
                issues=False,
            )
            self.post(session, "督查员", section, Role.SUPERVISOR)
            self.post(session, "督查员乙", section, Role.SUPERVISOR)
            for name in ("数据局", "财政局", "档案局"):
                bureau = self.unit(session, name, f"萍乡市{name}", parent=city, codes=[f"萍{name[0]}发"])
                self.post(session, f"{name}领导", bureau, Role.PRINCIPAL)
                self.post(session, f"{name}文书", bureau, Role.REGISTRY)
                self.post(session, f"{name}承办", bureau, Role.HANDLER)

    def abolish_post(self, name: str) -> None:
        with self.session() as session:
            session.get_one(DirectoryPost, self.post_id(name)).active = False

    def dissolve(self, name: str) -> None:
        with self.session() as session:
            session.get_one(DirectoryUnit, self.units[name]).active = False

    def load_year(self, year: int) -> None:
        """The notice of a year that the packaged calendar lacks, with New Year as its only holiday."""
        with self.session() as session:
            import_days(session, [DayRow(date(year, 1, 1), DayKind.OFF)], source="测试")

    @property
    def system(self) -> Actor:
        return Actor.system(new_id())

    @property
    def press(self) -> Press:
        return Press(blobs=self.blobs)

    def at(self, year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> None:
        """Move the clock to that hour of the office's wall clock."""
        self.clock.at = datetime(year, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)

    def matter(self, **changes: Any) -> Matter:
        facts: dict[str, Any] = {
            "title": "年底前电子文件归档率达到80%",
            "source": TaskSource.WORK_REPORT,
            "lead": Named(unit_id=self.units["数据局"]),
            "limit": Limit(half_days=20),
        }
        return Matter(**{**facts, **changes})

    def register(self, *, by: str = "督查员", **changes: Any) -> UUID:
        with self.session() as session:
            return register_task(session, self.actor(by), self.clock, matter=self.matter(**changes)).id

    _VERBS: Mapping[str, Any] = field(
        default_factory=lambda: {
            "propose": establish.propose_task,
            "approve": establish.approve_task,
            "reject": establish.reject_task,
            "assign": assign.assign_task,
            "sign_for": assign.sign_for_task,
            "ask_return": give_back.ask_return,
            "decide_return": give_back.decide_return,
            "hand_over": assign.hand_over,
            "plan": work.plan_task,
            "feed_back": work.feed_back,
            "assist": work.assist_task,
            "ask_extension": timing.ask_extension,
            "decide_extension": timing.decide_extension,
            "suspend": rest.suspend_task,
            "resume": rest.resume_task,
            "cancel": close.cancel_task,
            "remind": timing.remind_task,
            "issue_slip": slips.issue_slip,
            "ask_closure": close.ask_closure,
            "review": close.review_task,
            "close": close.close_task,
            "rate": close.rate_task,
        }
    )

    def do(self, verb: str, task_id: UUID, by: str, **request: Any) -> Any:
        """One verb, in a transaction of its own."""
        press = {"press": self.press} if verb in ("review", "rate", "cancel") else {}
        with self.session() as session:
            return self._VERBS[verb](
                session, self.actor(by), self.clock, task_id=task_id, request=request, **press
            )

    def split(self, task_id: UUID, by: str, *parts: dict[str, Any]) -> list[Task]:
        with self.session() as session:
            whole = [{"content": "", "assistants": [], **part} for part in parts]
            return work.split_task(session, self.actor(by), self.clock, task_id=task_id, parts=whole)

    def proposed(self, **changes: Any) -> UUID:
        task_id = self.register(**changes)
        self.do("propose", task_id, "督查员", opinion="拟请数据局牵头")
        return task_id

    def established(self, **changes: Any) -> UUID:
        task_id = self.proposed(**changes)
        self.do("approve", task_id, "市领导", opinion="同意")
        return task_id

    def assigned(self, **changes: Any) -> UUID:
        task_id = self.established(**changes)
        self.do("assign", task_id, "督查员")
        return task_id

    def working(self, **changes: Any) -> UUID:
        task_id = self.assigned(**changes)
        self.do("sign_for", task_id, "数据局承办")
        return task_id

    def reviewing(self, **changes: Any) -> UUID:
        task_id = self.working(**changes)
        self.do("ask_closure", task_id, "数据局承办", conclusion="归档率达到83%。")
        return task_id

    def showing(self, **changes: Any) -> UUID:
        task_id = self.reviewing(**changes)
        self.do("review", task_id, "督查员", passed=True)
        return task_id

    def watch(self) -> int:
        """What the timer does at this moment, until nothing is left to do."""
        seen = 0
        for _ in range(20):
            with self.session() as session:
                found = watch_tasks(session, self.system, self.clock, press=self.press)
            seen += found
            if not found:
                return seen
        raise AssertionError("the watch never comes to rest")

    def get(self, task_id: UUID) -> Task:
        with self.session() as session:
            return session.get_one(Task, task_id)

    def verbs(self, task_id: UUID) -> list[str]:
        with self.session() as session:
            wanted = sa.select(TaskAct.verb).where(TaskAct.task_id == task_id)
            return list(session.scalars(wanted.order_by(TaskAct.at, TaskAct.id)))

    def events(self, task_id: UUID, key: str = "") -> list[Mapping[str, Any]]:
        """What was told of a task, oldest first: all, or the data of one kind."""
        wanted = sa.select(OutboxEvent).where(OutboxEvent.subject == task_id).order_by(OutboxEvent.sequence)
        with self.session() as session:
            return [
                {"key": row.key, **json.loads(row.data)}
                for row in session.scalars(wanted)
                if row.key.startswith(key)
            ]

    def keys(self, task_id: UUID) -> list[str]:
        return [event["key"].removesuffix(".v1").removeprefix("task.") for event in self.events(task_id)]

    def open_items(self, task_id: UUID) -> dict[str, list[str]]:
        """Who has what to do, by step."""
        names = {actor.post_id: name for name, actor in self.people.items()}
        wanted = sa.select(WorkItem).where(WorkItem.subject_id == task_id, WorkItem.status == ItemStatus.OPEN)
        found: dict[str, list[str]] = {}
        with self.session() as session:
            for item in session.scalars(wanted):
                found.setdefault(item.step_id, []).append(names[item.post_id])
        return {step: sorted(held) for step, held in found.items()}
