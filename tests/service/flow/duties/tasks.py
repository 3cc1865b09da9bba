"""A task of the routing tests' office, whose work items follow no flow."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from shared.events.work import ItemRole
from shared.flow import duties
from shared.flow.acts import Act, Assignee, Subject
from shared.flow.duties import Duty
from shared.flow.models import WorkItem
from shared.ids import new_id
from shared.messaging.models import OutboxEvent
from tests.service.flow.office import NOON, Office

REPORT = Duty(step_id="report", step_name="反馈", work_kind="tasks", deadline=NOON + timedelta(days=3))
CHECK = Duty(step_id="check", step_name="审核", work_kind="tasks")


class Task:
    """A task of the office, with the acts on it as people do them, each in a transaction of its own."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.subject = Subject(id=new_id(), kind="task", title="关于督办事项", link="/tasks/1")

    def open(self, by: str = "clerk") -> UUID:
        return self._do(
            duties.open_work, by, subject=self.subject, unit_id=self.office.unit_id, name="督查事项"
        )

    def give(self, *names: str, duty: Duty = REPORT, role: ItemRole = ItemRole.LEAD) -> list[WorkItem]:
        return self.give_roles(*((name, role) for name in names), duty=duty)

    def give_roles(self, *roles: tuple[str, ItemRole], duty: Duty = REPORT) -> list[WorkItem]:
        assignees = [Assignee(self.office.post_id(name), role) for name, role in roles]
        return self.act(duties.give_duty, "clerk", duty=duty, assignees=assignees)

    def fulfil(self, by: str, *, step_id: str = "report", **facts: Any) -> Act:
        return self.act(duties.fulfil_duty, by, step_id=step_id, **facts)

    def hand_over(self, by: str, to: str) -> Act:
        return self.act(duties.hand_over_duty, by, step_id="report", to_post_id=self.office.post_id(to))

    def act(self, verb: Callable[..., Any], by: str, **facts: Any) -> Any:
        return self._do(verb, by, subject_id=self.subject.id, **facts)

    def _do(self, verb: Callable[..., Any], by: str, **facts: Any) -> Any:
        self.office.clock.at += timedelta(minutes=1)
        return self.try_now(verb, by, **facts)

    def try_now(self, verb: Callable[..., Any], by: str, **facts: Any) -> Any:
        """The act at this very moment; the clock stands still, for threads."""
        with self.office.session() as session:
            return verb(session, self.office.posts[by], self.office.clock, **facts)

    def open_posts(self) -> set[tuple[str, str]]:
        """Who has an open item to do, and of which step."""
        names = {self.office.post_id(name): name for name in self.office.posts}
        with self.office.session() as session:
            found = duties.list_duties(session, subject_id=self.subject.id)
            return {(names[item.post_id], item.step_id) for item in found if item.role != ItemRole.READER}

    def status(self, name: str) -> list[str]:
        return [item.status for item in self.office.items(name)]

    def told(self) -> list[str]:
        """The keys of all events about the work so far, in order."""
        return [key for key, _ in self.events()]

    def events(self) -> list[tuple[str, dict[str, Any]]]:
        chain = self.office.posts["clerk"].correlation_id
        return self.office.events(OutboxEvent.correlation_id == chain)
