"""What every story of the demo is made of: people who do their work over HTTP, and promises that are checked."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from deploy.demo.client import People, Person, Reply, wait_for

DOCUMENTS = "/api/documents/documents"


class CheckFailed(Exception):
    """Something that a story promises did not hold."""


@dataclass(kw_only=True)
class Steps:
    """A story's people, what has happened so far, and how it is told."""

    people: People
    tell: Callable[[str, str, str], None]
    facts: dict[str, Any] = field(default_factory=dict)

    def complete_item(
        self, login: str, step: str, *, document_id: str = "", post: str = "", **request: Any
    ) -> Reply:
        """Do that person's open item of a step, as they would from their inbox."""
        person = self.people(login, post)
        wanted = document_id or self.facts["id"]

        def my_item() -> Reply | None:
            mine = person.me()["acting"]["post_id"]
            items = person.get(f"{DOCUMENTS}/{wanted}/items", status="open", limit=200)["items"]
            return next(
                (
                    item
                    for item in items
                    if (item["step_id"], item["status"], item["post_id"]) == (step, "open", mine)
                ),
                None,
            )

        item = wait_for(my_item, seconds=20, what=f"{login} 的“{step}”待办")
        return person.post(f"{DOCUMENTS}/{wanted}/items/{item['id']}/complete", request)

    def post_id_of(self, login: str, post: str = "") -> str:
        """The post in which that person acts."""
        found: str = self.people(login, post).me()["acting"]["post_id"]
        return found

    def expect_filed(self, login: str, subject_id: str, name: str) -> Reply:
        """Wait until an archivist has the record of an item, and check its package."""
        archivist = self.people(login)

        def filed() -> Reply | None:
            found = archivist.get("/api/archives/records", document_id=subject_id)["items"]
            return found[0] if found else None

        record: Reply = wait_for(filed, seconds=60, what=f"{name}归档")
        report = archivist.post(f"/api/archives/records/{record['id']}/verifications")
        self.expect(report["sound"], f"{name}档案包应通过完整性校验")
        self.tell("归档", login, f"{name}，档号 {record['number']}，校验通过")
        self.facts.setdefault("archival_numbers", []).append(record["number"])
        return record

    def choice_of(self, login: str, *, lead: str = "") -> Reply:
        if lead:
            return {"lead_post_id": self.post_id_of(lead)}
        return {"post_ids": [self.post_id_of(login)]}

    def find_post(
        self, person: Person, permission: str, login: str, post: str = "", *, organ: str = ""
    ) -> str:
        """The post in which somebody acts, as the person finds it among those of an organ, or of the own one, who may;
        waits until it is heard of.
        """
        wanted = self.post_id_of(login, post)
        query = {"permission": permission, **({"unit_id": self.unit_id_of(person, organ)} if organ else {})}

        def is_listed() -> bool:
            posts = person.get("/api/documents/posts", **query)["items"]
            return any(item["post_id"] == wanted for item in posts)

        wait_for(is_listed, seconds=30, what=f"岗位名录中的 {login}（{permission}）")
        return wanted

    def unit_id_of(self, person: Person, name: str) -> str:
        units = wait_for(
            lambda: [
                unit for unit in person.get("/api/documents/units", q=name)["items"] if unit["name"] == name
            ],
            seconds=30,
            what=f"机构名录（{name}）",
        )
        found: str = units[0]["id"]
        return found

    def expect(self, holds: Any, promise: str) -> None:
        if not holds:
            raise CheckFailed(promise)
