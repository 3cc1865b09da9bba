"""People of the offices at work over HTTP."""

from dataclasses import dataclass
from typing import Any

import requests

from tests.service.supervision.offices import Offices
from tests.support.desk import AskingDesk

Json = dict[str, Any]


@dataclass
class Desk(AskingDesk):
    """Asks the running api as people by their short names, at the time of the offices' clock."""

    offices: Offices

    def ask(self, by: str, method: str, path: str, **options: Any) -> requests.Response:
        token = self.api.key.token(self.person(by), issued_at=self.offices.clock.now()) if by else ""
        return self.api.ask(method, path, token=token, **options)

    def do(self, by: str, task_id: str, verb: str, **body: Any) -> Json:
        """A verb, which must succeed."""
        answer = self.ask(by, "POST", f"/tasks/{task_id}/{verb}", json=body)
        assert answer.status_code in (200, 201), answer.text
        done: Json = answer.json()
        return done

    def refused(self, by: str, task_id: str, verb: str, **body: Any) -> Json:
        """A verb, which must be refused: the problem."""
        answer = self.ask(by, "POST", f"/tasks/{task_id}/{verb}", json=body)
        assert answer.status_code >= 400, answer.text
        problem: Json = answer.json()
        return problem

    def register(self, **changes: Any) -> Json:
        matter = {
            "title": "年底前电子文件归档率达到80%",
            "source": "work_report",
            "lead": {"unit_id": str(self.offices.units["数据局"])},
            "days": 10,
            **changes,
        }
        answer = self.ask("督查员", "POST", "/tasks", json=matter)
        assert answer.status_code == 201, answer.text
        made: Json = answer.json()
        return made

    def actions(self, by: str, task_id: str) -> list[str]:
        return [action["verb"] for action in self.get(by, f"/tasks/{task_id}")["actions"]]
