"""A document that demands an answer: 来文 → 限期答复 → 督办 → 复文 → 来文办结 → 两件关联归档."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from deploy.demo.client import Reply, wait_for
from deploy.demo.steps import DOCUMENTS, Steps

DISTRICT = "湘东区人民政府"
CLERK, DIRECTOR, CHIEF, HANDLER, ARCHIVIST = (
    f"{DISTRICT}.{post}" for post in ("文书", "办公室主任", "区长", "承办", "档案员")
)
OFFICE = f"{DISTRICT}办公室"
OFFICER, LEADER = f"{OFFICE}.督查", f"{OFFICE}.主任"
SENDER = "萍乡市人民政府办公室"
TASKS = "/api/supervision/tasks"


@dataclass(kw_only=True)
class ReplyStory(Steps):
    """One incoming document from the day on which it must be answered until it is filed beside its answer.

    `number` is that of the issued document that has arrived there.
    """

    number: str

    def run(self) -> dict[str, Any]:
        """All steps in order; raises like `Story.run`."""
        for step in (self._demand, self._supervise, self._reply, self._close, self._archive):
            step()
        return self.facts

    def _demand(self) -> None:
        clerk = self.people(CLERK)

        def arrived() -> Reply | None:
            found = clerk.get(DOCUMENTS, direction="incoming", q=self.number)["items"]
            return next((one for one in found if one["source_number"] == self.number), None)

        incoming = wait_for(arrived, seconds=20, what=f"{DISTRICT}收文")
        self.facts["id"] = incoming["id"]
        if incoming["state"] == "arrived":
            self.complete_item(CLERK, "sign_for", outcome="accept")
        self.complete_item(CLERK, "register")
        self.complete_item(
            CLERK,
            "first_check",
            outcome="accept",
            opinion="符合行文规则。",
            choices={"propose": self.choice_of(DIRECTOR)},
        )
        answer_by = datetime.now(UTC) + timedelta(hours=8, days=3)
        self.complete_item(
            DIRECTOR,
            "propose",
            opinion="来文要求反馈落实情况，拟请区长阅示，限期答复。",
            answer_by=f"{answer_by:%Y-%m-%d}",
            lead_unit_id=self.unit_id_of(self.people(DIRECTOR), DISTRICT),
            variables={"needs_reply": True},
            choices={"instruct": self.choice_of(CHIEF)},
        )
        self.complete_item(
            CHIEF, "instruct", opinion="按期答复。", choices={"handle": self.choice_of("", lead=HANDLER)}
        )
        self.tell("限期答复", DIRECTOR, f"来文 {self.number} 须于 {answer_by:%m月%d日} 前答复")

    def _supervise(self) -> None:
        officer = self.people(OFFICER)

        def registered() -> Reply | None:
            tasks = officer.get(TASKS, source="document", limit=100)["items"]
            return next((one for one in tasks if (one["origin"] or {}).get("id") == self.facts["id"]), None)

        task = wait_for(registered, seconds=30, what="督查系统登记限期答复的来文")
        self.facts["task_id"] = task["id"]
        established = self.people(LEADER).post(f"{self._task}/approve", {"opinion": "同意立项。"})
        officer.post(f"{self._task}/assign")
        self.people(HANDLER).post(f"{self._task}/sign-for")
        self.tell("督办", OFFICER, f"{established['number']}，主办{DISTRICT}，已签收")

    def _reply(self) -> None:
        handler = self.people(HANDLER)
        sender = self.unit_id_of(handler, SENDER)
        reply = handler.post(
            DOCUMENTS,
            {
                "kind": "函",
                "title": f"{DISTRICT}关于落实电子文件归档工作情况的复函",
                "body": [
                    f"你办来文（{self.number}）收悉。现将落实情况函复如下：",
                    "一、区直各部门已完成归档接口接入。",
                    "二、各乡镇已明确专人负责，按月自查。",
                ],
                "issuing_code": "湘府字",
                "recipients": [{"unit_id": sender}],
                "reply_to_id": self.facts["id"],
            },
        )
        reply_id = reply["id"]
        for login, step, more in (
            (HANDLER, "draft", {"choices": {"review": self.choice_of(DIRECTOR)}}),
            (DIRECTOR, "review", {"opinion": "同意。", "choices": {"sign": self.choice_of(CHIEF)}}),
            (CHIEF, "sign", {"outcome": "agree", "opinion": "同意印发。"}),
            (CLERK, "check", {"outcome": "pass"}),
            (CLERK, "register", {}),
            (CLERK, "render", {}),
            (CLERK, "issue", {}),
        ):
            reply = self.complete_item(login, step, document_id=reply_id, **more)
        self.facts.update(reply_id=reply_id, reply_number=reply["number"])
        self.tell("复文", CLERK, f"{reply['number']}《{reply['title']}》已核发")

    def _close(self) -> None:
        self.complete_item(HANDLER, "handle", opinion=f"已以 {self.facts['reply_number']} 函复。")
        closed = self.complete_item(HANDLER, "reply", opinion="复文已核发。")
        if closed["state"] != "closed":
            closed = self.complete_item(CLERK, "close")
        self.expect(closed["state"] == "closed", "来文应已办结")
        self.tell("来文办结", CLERK, f"{self.number} 已答复并办结")
        officer = self.people(OFFICER)
        linked = lambda: [one for one in officer.get(self._task)["links"] if one["kind"] == "reply"]  # noqa: E731
        found = wait_for(linked, seconds=30, what="督查事项收到复文")
        self.expect(found[0]["number"] == self.facts["reply_number"], "督查事项应关联复文")
        self.people(HANDLER).post(f"{self._task}/ask-closure", {"conclusion": "已按期函复。"})
        officer.post(f"{self._task}/review", {"passed": True})
        leader = self.people(LEADER)
        leader.post(f"{self._task}/close", {"agreed": True})
        leader.post(f"{self._task}/rate", {"score": 5})
        self.tell("销号", LEADER, "限期答复事项已销号")

    def _archive(self) -> None:
        self.expect_filed(ARCHIVIST, self.facts["id"], "来文")
        record = self.expect_filed(ARCHIVIST, self.facts["reply_id"], "复文")
        archivist = self.people(ARCHIVIST)

        def linked() -> list[Reply]:
            related: list[Reply] = archivist.get(f"/api/archives/records/{record['id']}")["linked_items"]
            return [one for one in related if one["item_id"] == self.facts["id"] and one["archival_number"]]

        found = wait_for(linked, seconds=60, what="来文与复文互相关联")
        self.tell("关联", ARCHIVIST, f"复文 {record['number']} 与来文 {found[0]['archival_number']} 关联")

    @property
    def _task(self) -> str:
        return f"{TASKS}/{self.facts['task_id']}"
