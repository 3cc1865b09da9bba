"""A supervising office over two bureaus and a county, whose tasks can be put anywhere in their lives."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from services.identity.domain.roles import Role
from services.supervision.models import Task, TaskAccess
from shared.calendar_days import seed_days
from shared.clock import FixedClock
from shared.ids import new_id
from tests.support.organs import MONDAY, Organs

# A Monday; 9 days of October 2026 before it were holidays.
MORNING = MONDAY


@dataclass
class Office(Organs):
    """The office in a database of the test's own."""

    clock: FixedClock = field(default_factory=lambda: FixedClock(MORNING))

    def fill(self) -> None:
        """A city with its office and two bureaus, and a county that supervises by itself."""
        with self.session() as session:
            seed_days(session)
            city = self.unit(session, "市政府", "萍乡市人民政府")
            self.unit(session, "市府办", "萍乡市人民政府办公室", kind="general_office", parent=city)
            self.unit(session, "督查室", "萍乡市人民政府督查室", parent=city)
            self.unit(session, "数据局", "萍乡市数据局", parent=city)
            self.unit(session, "财政局", "萍乡市财政局", parent=city)
            county = self.unit(session, "安源", "安源区人民政府", parent=city)
            self.unit(session, "安源督查室", "安源区人民政府督查室", parent=county)
            self.post(session, "市长", self.units["市政府"], Role.PRINCIPAL)
            self.post(session, "市府办督查", self.units["市府办"], Role.SUPERVISOR)
            self.post(session, "督查员", self.units["督查室"], Role.SUPERVISOR)
            self.post(session, "督查主任", self.units["督查室"], Role.PRINCIPAL)
            self.post(session, "数据局长", self.units["数据局"], Role.PRINCIPAL)
            self.post(session, "数据承办", self.units["数据局"], Role.HANDLER)
            self.post(session, "财政承办", self.units["财政局"], Role.HANDLER)
            self.post(session, "安源督查", self.units["安源督查室"], Role.SUPERVISOR)
            self.post(session, "路人", self.units["数据局"], Role.HANDLER, permissions=frozenset())

    def task(
        self, session: Session, *, by: str = "督查室", lead: str | None = "数据局", **facts: Any
    ) -> Task:
        """An established task, as far in its life as the facts say."""
        task = Task(
            **{
                "id": new_id(),
                "revision": 1,
                "correlation_id": new_id(),
                "unit_id": self.units[by],
                "unit_name": by,
                "lead_unit_id": self.units[lead] if lead else None,
                "lead_unit_name": lead or "",
                "state": "working",
                "source": "meeting",
                "title": "电子文件归档率达到80%",
                "number": f"萍督〔2026〕{len(self.people) + new_id().int % 10**9}号",
                "light": "green",
                "terms": [],
                "registered_at": MORNING,
                "established_at": MORNING,
                "leader_post_id": self.post_id("督查主任"),
                **facts,
            }
        )
        session.add(task)
        session.flush()
        if lead:
            session.add(TaskAccess(task_id=task.id, holder_id=self.units[lead], reason="lead"))
        session.flush()
        return task
