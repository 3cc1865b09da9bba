"""One thing done once (一件事): 人员调动 through three departments, one of them late, until everything is filed."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from deploy.demo.client import Reply, wait_for
from deploy.demo.steps import Steps

AFFAIRS, TASKS = "/api/affairs", "/api/supervision/tasks"
APPLICANT = "萍乡市教育局基础教育科.承办"
LEAD, FINANCE, DATA = "萍乡市人力资源和社会保障局", "萍乡市财政局", "萍乡市数据局"
OFFICE = "萍乡市人民政府办公室"
OFFICER, LEADER, LEADER_POST = f"{OFFICE}督查科.科长", "萍乡市人民政府.秘书长", f"{OFFICE}主任"
BUNDLE = "DEMO-YJS-DIAODONG"
# An instant matter that nobody decides within this is late, so that the story sees it happen.
MINUTES = 1


@dataclass(frozen=True, kw_only=True)
class Part:
    """One matter of the bundle: whose it is, who handles and who decides it."""

    unit: str
    section: str
    code: str
    name: str
    result: str
    more: dict[str, Any]

    @property
    def handler(self) -> str:
        return f"{self.unit}{self.section}.承办"

    @property
    def chief(self) -> str:
        return f"{self.unit}.局长"

    @property
    def keeper(self) -> str:
        return f"{self.unit}办公室.主任"

    @property
    def archivist(self) -> str:
        return f"{self.unit}办公室.档案员"


_FORM = {"phone": {"type": "string", "title": "联系电话", "minLength": 5}}
_HELD = {
    "name": {"type": "string", "title": "姓名", "x-yiwang-source": "person.name"},
    "unit": {"type": "string", "title": "调出单位", "x-yiwang-source": "unit.name"},
}
PARTS = (
    Part(
        unit=LEAD,
        section="事业单位人事科",
        code="DEMO-RS-0001",
        name="机关事业单位人员调动审批",
        result="萍人调",
        more={
            "legal_days": 20,
            "promised_days": 5,
            "original_materials": 8,
            "original_trips": 3,
            "materials": [{"code": "A", "name": "调动申请表"}],
        },
    ),
    Part(
        unit=FINANCE,
        section="预算科",
        code="DEMO-CZ-0001",
        name="工资关系转移",
        result="萍财转",
        more={
            "legal_days": 5,
            "promised_days": 0,
            "instant": True,
            "promised_minutes": MINUTES,
            "original_materials": 4,
            "original_trips": 2,
            "materials": [{"code": "A", "name": "调动申请表"}],
        },
    ),
    Part(
        unit=DATA,
        section="数据资源科",
        code="DEMO-SJ-0001",
        name="办公账号与电子身份变更",
        result="萍数变",
        more={"legal_days": 3, "promised_days": 1, "original_materials": 2, "original_trips": 1},
    ),
)


@dataclass(kw_only=True)
class AffairsStory(Steps):
    """Begun, and finished when the promised minute of its instant part has gone by."""

    def run(self) -> dict[str, Any]:
        """All steps in order; raises like `Story.run`."""
        self.begin()
        return self.finish()

    def begin(self) -> None:
        """Publish what is not published yet, apply once, and accept."""
        for step in (self._publish, self._apply, self._accept):
            step()

    def finish(self) -> dict[str, Any]:
        """See one part late and supervised, decide all, rate and file."""
        for step in (self._decide_in_time, self._be_late, self._decide_late, self._rate, self._archive):
            step()
        return self.facts

    def _publish(self) -> None:
        matters = [self._matter_of(part) for part in PARTS]
        keeper = self.people(PARTS[0].keeper)
        known = [one for one in keeper.get(f"{AFFAIRS}/bundles", limit=200)["items"] if one["code"] == BUNDLE]
        if known:
            self.facts["bundle_id"] = known[0]["id"]
            return
        made = keeper.post(
            f"{AFFAIRS}/bundles",
            {"code": BUNDLE, "name": "人员调动一件事", "parts": [{"matter_id": one} for one in matters]},
        )
        keeper.post(f"{AFFAIRS}/bundles/{made['id']}/publish")
        self.facts["bundle_id"] = made["id"]
        self.tell("发布事项", PARTS[0].keeper, f"“人员调动一件事”，含 {len(PARTS)} 个部门的事项")

    def _matter_of(self, part: Part) -> str:
        """The published matter, which the first run of the demo makes."""
        keeper = self.people(part.keeper)
        known = keeper.get(f"{AFFAIRS}/matters", code=part.code)["items"]
        if known:
            found: str = known[0]["id"]
            return found
        fields = {**_HELD, **_FORM} if part.unit == LEAD else _HELD
        made = keeper.post(
            f"{AFFAIRS}/matters",
            {
                "code": part.code,
                "name": part.name,
                "applicants": ["unit", "person"],
                "basis": ["萍乡市机关内部“最多跑一次”改革事项清单（演示）"],
                "form": {"type": "object", "properties": fields, "required": list(fields)},
                "handler_post_ids": [self.post_id_of(part.handler)],
                "decider_post_ids": [self.post_id_of(part.chief)],
                "result_name": f"{part.name}办理结果",
                "result_code": part.result,
                **part.more,
            },
        )
        keeper.post(f"{AFFAIRS}/matters/{made['id']}/publish", {})
        made_id: str = made["id"]
        return made_id

    def _apply(self) -> None:
        applicant = self.people(APPLICANT)
        form = applicant.get(f"{AFFAIRS}/bundles/{self.facts['bundle_id']}/form")
        offered = [one for one in form["held"] if one["value"]]
        self.expect(offered, "已有数据应自动带出")
        text = "人员调动申请表：本人申请调动，请予办理。"
        file = applicant.post(f"{AFFAIRS}/files", files={"file": ("调动申请表.txt", text.encode())})
        application = applicant.post(
            f"{AFFAIRS}/bundle-applications",
            {
                "bundle_id": self.facts["bundle_id"],
                "form": {"phone": "0799-0000000"},
                "materials": [{"key": one["key"], "file_id": file["id"]} for one in form["materials"]],
            },
        )
        self.facts["application_id"] = application["id"]
        asked = len(form["form"]["properties"]) - len(offered)
        self.tell("申请", APPLICANT, f"{application['number']}：只填 {asked} 项，自动带出 {len(offered)} 项")

    def _accept(self) -> None:
        accepted = self.people(PARTS[0].handler).post(
            f"{self._application}/accept", {"opinion": "材料齐全。"}
        )
        self.facts["cases"] = {part["unit_name"]: part["case_id"] for part in accepted["parts"]}
        self.tell("受理", PARTS[0].handler, f"一门受理，{len(accepted['parts'])} 个部门并联办理")

    def _decide_in_time(self) -> None:
        for part in (PARTS[0], PARTS[2]):
            self._decide(part)
            self.tell("办结", part.chief, f"{part.name}，结果已送达")

    def _be_late(self) -> None:
        officer, leader = self.people(OFFICER), self.people(LEADER, LEADER_POST)
        late_id = self.facts["cases"][FINANCE]

        def registered() -> Reply | None:
            tasks = officer.get(TASKS, source="affairs", limit=100)["items"]
            return next((one for one in tasks if (one["origin"] or {}).get("id") == late_id), None)

        task = wait_for(registered, seconds=MINUTES * 60 + 60, what="超期办件转督办")
        self.facts["task_id"] = task["id"]
        established = leader.post(f"{self._task}/approve", {"opinion": "请督促尽快办结。"})
        officer.post(f"{self._task}/assign")
        self.people(PARTS[1].handler).post(f"{self._task}/sign-for")
        self.tell("超期督办", OFFICER, f"{established['number']}：{task['title']}")

    def _decide_late(self) -> None:
        part = PARTS[1]
        self._decide(part)
        self.people(part.handler).post(f"{self._task}/ask-closure", {"conclusion": "办件已办结并送达。"})
        self.people(OFFICER).post(f"{self._task}/review", {"passed": True})
        leader = self.people(LEADER, LEADER_POST)
        leader.post(f"{self._task}/close", {"agreed": True})
        leader.post(f"{self._task}/rate", {"score": 3, "opinion": "即办件应当场办结。"})
        self.tell("办结", part.chief, f"{part.name}，超期办结，督办已销号")
        applicant = self.people(APPLICANT)

        def finished() -> Reply | None:
            shown = applicant.get(self._application)
            return shown if shown["state"] == "finished" else None

        wait_for(finished, seconds=30, what="一件事全部办结")

    def _rate(self) -> None:
        applicant = self.people(APPLICANT)
        for part in PARTS:
            path = f"{AFFAIRS}/cases/{self.facts['cases'][part.unit]}"
            case = applicant.get(path)
            self.expect(case["result"], f"{part.name}应有结果文书")
            pdf = applicant.content(f"{path}/result")
            self.expect(pdf.startswith(b"%PDF-"), "结果文书应为 PDF")
            known = applicant.get(f"{AFFAIRS}/results/{case['result']['code']}/verify")
            genuine = known["valid"] and known["granted"] and known["pdf_sha256"] == sha256(pdf).hexdigest()
            self.expect(genuine and known["number"] == case["result"]["number"], "结果应可核验")
            late = part.unit == FINANCE
            rated = applicant.post(f"{path}/rate", {"score": 3 if late else 5})
            self.expect(rated["trips"] == 0 and rated["in_time"] is not late, "应零跑动，且只有一件超期")
        self.tell("评价", APPLICANT, f"{len(PARTS)} 份结果核验有效，全程零跑动，已评价")

    def _archive(self) -> None:
        for part in PARTS:
            self.expect_filed(part.archivist, self.facts["cases"][part.unit], part.name)

    def _decide(self, part: Part) -> None:
        """From the handler's desk to the decision."""
        case = f"{AFFAIRS}/cases/{self.facts['cases'][part.unit]}"
        for login, step, request in (
            (part.handler, "handle", {"opinion": "经核，符合条件。"}),
            (part.chief, "decide", {"outcome": "grant", "opinion": "准予。"}),
        ):
            person, mine = self.people(login), self.post_id_of(login)
            open_items = person.get(f"{case}/items", status="open", limit=100)["items"]
            item = next(one for one in open_items if (one["step_id"], one["post_id"]) == (step, mine))
            person.post(f"{case}/items/{item['id']}/complete", request)

    @property
    def _application(self) -> str:
        return f"{AFFAIRS}/bundle-applications/{self.facts['application_id']}"

    @property
    def _task(self) -> str:
        return f"{TASKS}/{self.facts['task_id']}"
