"""From a topic to a closed task: 议题 → 会议 → 议定事项 → 纪要 → 督办 → 逾期 → 延期 → 销号 → 归档."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from deploy.demo.client import Reply, wait_for
from deploy.demo.steps import Steps

CITY = "萍乡市人民政府"
CHAIR, SECRETARY, CLERK = f"{CITY}.市长", f"{CITY}.秘书长", f"{CITY}.文书"
CITY_ARCHIVIST = f"{CITY}.档案员"
BUREAU, FINANCE = "萍乡市数据局", "萍乡市财政局"
SUBMITTER = f"{BUREAU}办公室.文书"
HOLDER = f"{BUREAU}数据资源科.承办"
ASSISTANT = f"{FINANCE}预算科.承办"
OFFICE = "萍乡市人民政府办公室"
OFFICER = f"{OFFICE}督查科.科长"
# The secretary-general heads the office too, and decides there on what it supervises.
LEADER, LEADER_POST = SECRETARY, f"{OFFICE}主任"
OFFICE_ARCHIVIST = f"{OFFICE}.档案员"
MEETINGS, TASKS = "/api/meetings", "/api/supervision/tasks"
# 特急件随到随办: the hour is named, so that the story sees it pass.
SECONDS_UNTIL_DUE = 4


@dataclass(kw_only=True)
class MeetingStory(Steps):
    """One decision of a meeting, from the topic that led to it until everything is in the archive."""

    def run(self) -> dict[str, Any]:
        """All steps in order; raises like `Story.run`."""
        for step in (
            self._propose_topic,
            self._call_meeting,
            self._hold_meeting,
            self._approve_minutes,
            self._issue_minutes,
            self._assign_task,
            self._be_late,
            self._extend_and_close,
            self._archive,
        ):
            step()
        return self.facts

    def _propose_topic(self) -> None:
        submitter = self.people(SUBMITTER)
        topic = submitter.post(
            f"{MEETINGS}/topics",
            {
                "unit_id": self.unit_id_of(submitter, CITY),
                "title": "关于加快推进电子文件归档工作的议题",
                "content": "全市电子文件归档率偏低，部分单位仍以纸质归档为主，需明确年度目标和责任分工。",
                "question": "请审定年度归档率目标和责任单位。",
                "coordinated": "agreed",
                "coordination": "已书面征求市财政局意见，意见一致。",
            },
        )
        self.facts["topic_id"] = topic["id"]
        paper = "电子文件归档率提升方案：统一接口、分批接入、按月通报。"
        submitter.post(f"{self._topic}/files", files={"file": ("汇报材料.txt", paper.encode())})
        submitter.post(f"{self._topic}/submit")
        self.people(SECRETARY).post(f"{self._topic}/screen", {"outcome": "pass", "opinion": "材料齐全。"})
        self.people(CHAIR).post(f"{self._topic}/approve", {"outcome": "approve", "opinion": "同意上会。"})
        self.tell("议题", SUBMITTER, f"《{topic['title']}》经秘书长审核、市长审定")

    def _call_meeting(self) -> None:
        clerk = self.people(CLERK)
        starts = datetime.now(UTC) + timedelta(minutes=20)
        meeting = clerk.post(
            f"{MEETINGS}/meetings",
            {
                "kind": "专题会",
                "grade": "四类",
                "title": "电子文件归档工作专题会议",
                "starts_at": starts.isoformat(),
                "ends_at": (starts + timedelta(hours=1)).isoformat(),
                "place": "市政府第一会议室",
                "chair_post_id": self.post_id_of(CHAIR),
            },
        )
        self.facts["meeting_id"] = meeting["id"]
        clerk.post(f"{self._meeting}/agenda", {"topic_id": self.facts["topic_id"]})
        invited = [f"{BUREAU}.局长", f"{FINANCE}.局长"]
        invitees = [{"post_id": self.post_id_of(login)} for login in invited]
        clerk.post(f"{self._meeting}/invitations", {"invitees": invitees})
        found = clerk.get(f"{self._meeting}/check")["findings"]
        for finding in found:
            self.tell("　会议提示", finding["code"], finding["message"])
        called = clerk.post(f"{self._meeting}/call", {"acknowledged": [one["key"] for one in found]})
        self.facts["meeting_number"] = called["number"]
        self.tell("会议通知", CLERK, f"{called['number']}《{called['title']}》，邀请 {len(invited)} 个岗位")
        self.people(invited[0]).post(f"{self._meeting}/open")
        self.people(invited[0]).post(f"{self._meeting}/answer", {"outcome": "attend"})
        stand_in = self.post_id_of(f"{FINANCE}.副局长")
        asked = {"outcome": "stand_in", "reason": "参加省厅会议", "stand_in_post_id": stand_in}
        seat = self.people(invited[1]).post(f"{self._meeting}/answer", asked)
        self.people(CHAIR).post(f"{self._meeting}/invitations/{seat['id']}/permit", {"granted": True})
        self.tell("回执", f"{FINANCE}.局长", "请副局长替会，已获批准")

    def _hold_meeting(self) -> None:
        clerk = self.people(CLERK)
        for seat in clerk.get(self._meeting)["invitations"]:
            clerk.post(f"{self._meeting}/invitations/{seat['id']}/arrive")
        meeting = clerk.post(f"{self._meeting}/begin")
        for item in meeting["agenda"]:
            clerk.post(f"{self._meeting}/agenda/{item['id']}/outcome", {"outcome": "heard"})
        today = datetime.now(UTC) + timedelta(hours=8)
        decision = clerk.post(
            f"{self._meeting}/decisions",
            {
                "text": "由市数据局牵头，市财政局配合，提出电子文件归档率提升方案并组织实施。",
                "lead_unit_id": self.unit_id_of(clerk, BUREAU),
                "assistant_unit_ids": [self.unit_id_of(clerk, FINANCE)],
                "due_on": f"{today:%Y-%m-%d}",
                "agenda_item_id": meeting["agenda"][0]["id"],
            },
        )
        self.facts["decision_id"] = decision["id"]
        ended = clerk.post(f"{self._meeting}/end")
        self.expect(ended["state"] == "held", "会议应已结束")
        self.tell("开会", CLERK, "到会 2 人（1 人替会），形成议定事项 1 项")

    def _approve_minutes(self) -> None:
        clerk = self.people(CLERK)
        clerk.post(f"{self._meeting}/minutes")
        clerk.post(f"{self._meeting}/minutes/submit")
        minutes = self.people(CHAIR).post(
            f"{self._meeting}/minutes/decide", {"approved": True, "opinion": "同意印发。"}
        )
        self.expect(minutes["state"] == "approved", "纪要应已审定")
        self.tell("纪要", CHAIR, "审定，交公文系统印发")

    def _issue_minutes(self) -> None:
        """The 纪要 goes the way of every dispatch (发文办理)."""
        clerk = self.people(CLERK)

        def drafted() -> str:
            minutes = clerk.get(f"{self._meeting}/minutes")
            return minutes["document_id"] or ""

        document_id = wait_for(drafted, seconds=30, what="公文系统起草纪要")
        for login, step, more in (
            (CLERK, "draft", {"choices": {"review": self.choice_of(SECRETARY)}}),
            (SECRETARY, "review", {"opinion": "同意。", "choices": {"sign": self.choice_of(CHAIR)}}),
            (CHAIR, "sign", {"outcome": "agree", "opinion": "同意印发。"}),
            (CLERK, "check", {"outcome": "pass"}),
            (CLERK, "register", {"issuing_code": "萍府纪要"}),
            (CLERK, "render", {}),
            (CLERK, "issue", {}),
        ):
            document = self.complete_item(login, step, document_id=document_id, **more)
        self.facts.update(minutes_document_id=document_id, minutes_number=document["number"])
        issued = lambda: clerk.get(f"{self._meeting}/minutes")["number"]  # noqa: E731
        number = wait_for(issued, seconds=30, what="会议登记纪要字号")
        self.expect(number == document["number"], "会议与公文的纪要字号应一致")
        self.tell("印发纪要", CLERK, f"{number}，送主办、协办单位")

    def _assign_task(self) -> None:
        officer, leader = self.people(OFFICER), self.people(LEADER, LEADER_POST)

        def registered() -> str:
            decision = self._decision()
            return decision["task_id"] or ""

        self.facts["task_id"] = wait_for(registered, seconds=30, what="督查系统登记议定事项")
        task = leader.post(f"{self._task}/approve", {"opinion": "同意立项。"})
        self.facts["task_number"] = task["number"]
        due = datetime.now(UTC) + timedelta(seconds=SECONDS_UNTIL_DUE)
        officer.post(f"{self._task}/assign", {"due_at": due.isoformat(), "opinion": "特急，今日限时办结。"})
        self.people(HOLDER).post(f"{self._task}/sign-for")
        self.tell("立项交办", OFFICER, f"{task['number']}，主办{BUREAU}，已签收")

    def _be_late(self) -> None:
        officer = self.people(OFFICER)

        def late() -> Reply | None:
            task = officer.get(self._task)
            return task if task["light"] == "red" and task["slips"] else None

        task = wait_for(late, seconds=SECONDS_UNTIL_DUE + 60, what="逾期亮红灯并发督办单")
        colours = "、".join(slip["colour_label"] for slip in task["slips"])
        self.tell("逾期", "系统", f"亮红灯，已发{colours}")
        board = officer.get("/api/supervision/board/late")["items"]
        self.expect(any(one["id"] == task["id"] for one in board), "看板应列出逾期事项")

    def _extend_and_close(self) -> None:
        holder, officer, leader = self.people(HOLDER), self.people(OFFICER), self.people(LEADER, LEADER_POST)
        holder.post(f"{self._task}/ask-extension", {"days": 5, "reason": "需与省档案馆接口联调。"})
        task = leader.post(f"{self._task}/decide-extension", {"granted": True, "opinion": "同意延期。"})
        self.expect(task["light"] == "green" and task["extensions"] == 1, "延期后应转绿灯，计延期一次")
        self.expect(task["original_due_at"] < task["due_at"], "原定期限应保留")
        holder.post(f"{self._task}/feedback", {"progress": 80, "report": "方案已印发，接口联调完成。"})
        self.people(ASSISTANT).post(f"{self._task}/assist", {"report": "经费已安排。"})
        holder.post(f"{self._task}/ask-closure", {"conclusion": "方案已实施，归档率升至83%。"})
        officer.post(f"{self._task}/review", {"passed": True, "opinion": "情况属实。"})
        leader.post(f"{self._task}/close", {"agreed": True, "opinion": "同意销号。"})
        done = leader.post(f"{self._task}/rate", {"score": 4, "opinion": "办理扎实，时限把握不足。"})
        self.expect(done["state"] == "concluded", "评价后督查事项应办毕")
        self.tell("销号评价", LEADER_POST, f"{self.facts['task_number']} 延期一次后办结，评价 4 分")

    def _archive(self) -> None:
        clerk = self.people(CLERK)
        wait_for(lambda: self._decision()["task_state"] == "closed", seconds=30, what="会议收到办结情况")
        decision = self._decision()
        self.expect(decision["task_number"] == self.facts["task_number"], "会议记录应显示督办编号")
        self.expect(decision["task_slips"], "会议记录应显示督办单")
        closed = clerk.post(f"{self._meeting}/close")
        self.expect(closed["state"] in ("closed", "concluded"), "会议应已办结")
        for login, subject, name in (
            (OFFICE_ARCHIVIST, self.facts["task_id"], "督查事项"),
            (CITY_ARCHIVIST, self.facts["minutes_document_id"], "纪要"),
            (CITY_ARCHIVIST, self.facts["meeting_id"], "会议"),
        ):
            self.expect_filed(login, subject, name)

    def _decision(self) -> Reply:
        decisions = self.people(CLERK).get(self._meeting)["decisions"]
        found: Reply = next(one for one in decisions if one["id"] == self.facts["decision_id"])
        return found

    @property
    def _topic(self) -> str:
        return f"{MEETINGS}/topics/{self.facts['topic_id']}"

    @property
    def _meeting(self) -> str:
        return f"{MEETINGS}/meetings/{self.facts['meeting_id']}"

    @property
    def _task(self) -> str:
        return f"{TASKS}/{self.facts['task_id']}"
