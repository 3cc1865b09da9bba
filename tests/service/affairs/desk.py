"""People of the offices at work over HTTP."""

from dataclasses import dataclass
from typing import Any

from tests.service.affairs.offices import APPLICANT, FORM, MATERIALS, WINDOW, Offices
from tests.support.desk import AskingDesk

Json = dict[str, Any]
TEXT = ("材料.txt", "材料内容".encode())


@dataclass
class Desk(AskingDesk):
    """Asks the running api as people by their short names."""

    offices: Offices

    def post(self, by: str, path: str, *, status: int = 200, **body: Any) -> Any:
        answer = self.ask(by, "POST", path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    def refused(self, by: str, method: str, path: str, **options: Any) -> tuple[int, str]:
        answer = self.ask(by, method, path, **options)
        return answer.status_code, answer.json()["code"]

    def upload(self, by: str, file: tuple[str, bytes] = TEXT) -> str:
        answer = self.ask(by, "POST", "/files", files={"file": file})
        assert answer.status_code == 201, answer.text
        found: str = answer.json()["id"]
        return found

    def content(self, **changes: Any) -> Json:
        offices = self.offices
        return {
            "name": "事业单位人员调动",
            "legal_days": 20,
            "promised_days": 5,
            "form": FORM,
            "materials": MATERIALS,
            "handler_post_ids": [str(offices.post_id("人社承办"))],
            "decider_post_ids": [str(offices.post_id("人社领导"))],
            "result_name": "调动批复",
            "result_code": "萍人社调",
            **changes,
        }

    def matter(self, code: str, **changes: Any) -> Json:
        """A matter drafted and published over HTTP."""
        drafted = self.post("人社主任", "/matters", status=201, code=code, **self.content(**changes))
        published: Json = self.post("人社主任", f"/matters/{drafted['id']}/publish")
        return published

    def application(self, matter_id: str, *, by: str = APPLICANT, **changes: Any) -> Json:
        given = [{"code": code, "file_id": self.upload(by)} for code in ("M1", "M2", "M3")]
        return {"matter_id": matter_id, "form": {"name": "李娟"}, "materials": given, **changes}

    def apply(self, matter_id: str, **changes: Any) -> Json:
        applied: Json = self.post(APPLICANT, "/cases", status=201, **self.application(matter_id, **changes))
        return applied

    def accepted(self, matter_id: str, **changes: Any) -> str:
        case_id: str = self.apply(matter_id, **changes)["id"]
        self.post(WINDOW, f"/cases/{case_id}/accept")
        return case_id

    def item(self, by: str, case_id: str, step: str) -> str:
        items = self.get(by, f"/cases/{case_id}/items", params={"status": "open"})["items"]
        found: str = next(item["id"] for item in items if item["step_id"] == step)
        return found

    def do(self, by: str, case_id: str, step: str, **body: Any) -> Json:
        done: Json = self.post(by, f"/cases/{case_id}/items/{self.item(by, case_id, step)}/complete", **body)
        return done
