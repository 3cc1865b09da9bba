"""One inbox for everybody: all that services gave a person to do stands there, and counts are those of the lists."""

from dataclasses import dataclass
from typing import Any

from deploy.demo.client import Person
from deploy.demo.steps import Steps

INBOX = "/api/mobile/inbox"
BOXES = ("todo", "to_read", "done", "read", "started")


@dataclass(kw_only=True)
class InboxStory(Steps):
    """Looks into the inbox of everybody who took part."""

    def run(self) -> dict[str, Any]:
        """Compares every count with its list; raises like `Story.run`."""
        systems: set[str] = set()
        everybody = self.people.known()
        for person in everybody:
            counts = person.get(f"{INBOX}/counts")
            for box in BOXES:
                listed = _all_of(person, box)
                self.expect(len(listed) == counts[box], f"{person.login_name}：“{box}”的数量应与列表一致")
                systems |= {item["system"] for item in listed}
        self.facts["systems"] = systems
        self.tell("收件箱", f"{len(everybody)} 人", f"数量与列表一致，事项来自 {len(systems)} 个系统")
        return self.facts


def _all_of(person: Person, box: str) -> list[dict[str, str]]:
    """Everything in one box, page by page."""
    found: list[dict[str, str]] = []
    query: dict[str, str] = {"box": box, "limit": "200"}
    while True:
        page = person.get(INBOX, **query)
        found += page["items"]
        if not page.get("next"):
            return found
        query["after"] = page["next"]
