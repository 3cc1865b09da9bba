"""The demo's story: one notice from first draft to archive, told step by step and checked at every step."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from deploy.demo.client import Person, Reply, wait_for
from deploy.demo.steps import DOCUMENTS, Steps

OFFICE = "萍乡市人民政府办公室"
DRAFTER = f"{OFFICE}秘书科.承办"
REVIEWER = f"{OFFICE}秘书科.科长"
# The secretary-general holds two posts; documents of the office he signs as its director.
SIGNER, SIGNER_POST = "萍乡市人民政府.秘书长", f"{OFFICE}主任"
REGISTRY = f"{OFFICE}.文书"
ARCHIVIST = f"{OFFICE}.档案员"
COUNTERSIGNERS = ("萍乡市财政局", "萍乡市人力资源和社会保障局")
RECEIVERS = ("安源区人民政府", "湘东区人民政府", "莲花县人民政府", "上栗县人民政府", "芦溪县人民政府")
CLOSING_RECEIVER = "安源区人民政府"
PEOPLE = (
    DRAFTER,
    REVIEWER,
    *(f"{name}.局长" for name in COUNTERSIGNERS),
    SIGNER,
    REGISTRY,
    ARCHIVIST,
    *(f"{CLOSING_RECEIVER}.{post}" for post in ("文书", "办公室主任", "区长", "承办", "档案员")),
)
KINDS = (
    "决议",
    "决定",
    "命令",
    "公报",
    "公告",
    "通告",
    "意见",
    "通知",
    "通报",
    "报告",
    "请示",
    "批复",
    "议案",
    "函",
    "纪要",
)
SAMPLE = Path(__file__).parent / "data" / "sample-document.txt"


@dataclass(kw_only=True)
class Story(Steps):
    """One notice, told step by step."""

    source: Path = SAMPLE

    def run(self) -> dict[str, Any]:
        """All steps in order; raises `CheckFailed`, `Refused` or TimeoutError at the first that does not hold."""
        for step in (
            self._draft,
            self._review,
            self._countersign,
            self._sign,
            self._check_and_number,
            self._print_and_issue,
            self._receive,
            self._close_incoming,
            self._archive,
            self._look_back,
        ):
            step()
        return self.facts

    def _draft(self) -> None:
        drafter = self.people(DRAFTER)
        with self.source.open("rb") as file:
            read = drafter.post(f"{DOCUMENTS}/read-file", files={"file": (self.source.name, file)})
        units = {name: self.unit_id_of(drafter, name) for name in RECEIVERS}
        document = drafter.post(
            DOCUMENTS,
            {
                "kind": "通知",
                "title": notice_title(read["title"]),
                "body": without_salutation(read["paragraphs"]),
                "issuing_code": "萍府办发",
                "recipients": [{"unit_id": unit_id} for unit_id in units.values()],
                "importance": "important",
            },
        )
        self.facts.update(
            id=document["id"], title=document["title"], correlation_id=document["correlation_id"]
        )
        self.tell("起草", drafter.login_name, f"《{document['title']}》共 {len(document['body'])} 段")
        for finding in drafter.get(f"{DOCUMENTS}/{document['id']}/findings")["findings"]:
            self.tell("　规则提示", finding["rule"], finding["message"])
        wanted = self.find_post(drafter, "documents.review", REVIEWER)
        self.complete_item(DRAFTER, "draft", choices={"review": {"post_ids": [wanted]}})

    def _review(self) -> None:
        reviewer = self.people(REVIEWER)
        may_sign = "documents.sign.principal"
        countersigners = [
            self.find_post(reviewer, may_sign, f"{name}.局长", organ=name) for name in COUNTERSIGNERS
        ]
        signer = self.find_post(reviewer, may_sign, SIGNER, SIGNER_POST)
        self.complete_item(
            REVIEWER,
            "review",
            opinion="内容完整、格式规范，拟请市财政局、市人社局会签后报签发。",
            choices={
                "countersign": {"post_ids": countersigners},
                "sign": {"post_ids": [signer]},
            },
        )
        self.tell("核稿", reviewer.login_name, "拟同意，送会签")

    def _countersign(self) -> None:
        for name in COUNTERSIGNERS:
            self.complete_item(f"{name}.局长", "countersign", outcome="agree", opinion="同意。")
            self.tell("会签", f"{name}.局长", "同意")

    def _sign(self) -> None:
        document = self.complete_item(SIGNER, "sign", post=SIGNER_POST, outcome="agree", opinion="同意印发。")
        self.expect(document["dated"], "签发后应有成文日期")
        self.tell("签发", SIGNER_POST, f"同意印发，成文日期 {document['dated']}")

    def _check_and_number(self) -> None:
        self.complete_item(REGISTRY, "check", outcome="pass", opinion="审批手续齐全，格式无误。")
        self.tell("复核", REGISTRY, "通过")
        document = self.complete_item(REGISTRY, "register")
        self.expect(document["number"], "登记后应有发文字号")
        self.facts["number"] = document["number"]
        self.tell("登记", REGISTRY, f"发文字号 {document['number']}")

    def _print_and_issue(self) -> None:
        document = self.complete_item(REGISTRY, "render")
        rendered = next(file for file in document["files"] if file["role"] == "rendered")
        registry = self.people(REGISTRY)
        pdf = registry.content(f"{DOCUMENTS}/{document['id']}/files/{rendered['id']}/content")
        self.expect(pdf.startswith(b"%PDF-"), "正本应为 PDF")
        self.facts["pdf"] = pdf
        self.tell("印制", REGISTRY, f"正本 {len(pdf) // 1024} KB（PDF/A，GB/T 9704 版式）")
        document = self.complete_item(REGISTRY, "issue")
        self.expect(document["state"] == "issued", "核发后状态应为已发出")
        self.tell("核发", REGISTRY, f"发往 {len(RECEIVERS)} 个单位")

    def _receive(self) -> None:
        registry = self.people(REGISTRY)
        receipts = f"{DOCUMENTS}/{self.facts['id']}/receipts"

        def all_delivered() -> list[Reply] | None:
            items: list[Reply] = registry.get(receipts)["items"]
            return items if all(receipt["state"] == "delivered" for receipt in items) else None

        delivered = wait_for(all_delivered, seconds=30, what="送达各收文单位")
        self.expect(len(delivered) == len(RECEIVERS), "每个收文单位应有一份签收记录")
        self.tell("送达", "系统", f"{len(delivered)} 个单位均已送达")
        for name in RECEIVERS[:2]:
            incoming = self._incoming(name)
            self.complete_item(f"{name}.文书", "sign_for", document_id=incoming, outcome="accept")
            self.tell("签收", f"{name}.文书", "已签收")
        states = sorted(receipt["state"] for receipt in registry.get(receipts)["items"])
        self.expect(states.count("signed_for") == 2, "发文单位应看到两个单位已签收")

    def _close_incoming(self) -> None:
        clerk, director, chief, handler = (
            f"{CLOSING_RECEIVER}.{post}" for post in ("文书", "办公室主任", "区长", "承办")
        )
        incoming = self._incoming(CLOSING_RECEIVER)
        self.facts["incoming_id"] = incoming
        document = self.complete_item(clerk, "register", document_id=incoming)
        self.tell("收文登记", clerk, document["incoming_number"])
        for login, step, opinion, following in (
            (clerk, "first_check", "符合行文规则。", ("propose", director, "")),
            (director, "propose", "拟请区长阅示，由承办岗办理。", ("instruct", chief, "")),
            (chief, "instruct", "请认真落实，按时完成归档。", ("handle", "", handler)),
        ):
            choice = self.choice_of(following[1], lead=following[2])
            outcome = "accept" if step == "first_check" else ""
            self.complete_item(
                login,
                step,
                document_id=incoming,
                outcome=outcome,
                opinion=opinion,
                choices={following[0]: choice},
            )
            self.tell({"first_check": "初审", "propose": "拟办", "instruct": "批示"}[step], login, opinion)
        self.complete_item(handler, "handle", document_id=incoming, opinion="已转发各部门并开展自查。")
        self.tell("承办", handler, "已办理")
        document = self.complete_item(clerk, "close", document_id=incoming)
        self.expect(document["state"] == "closed", "收文应已办结")
        self.tell("办结", clerk, "收文办结")

    def _archive(self) -> None:
        for login, document_id, name in (
            (ARCHIVIST, self.facts["id"], "发文"),
            (f"{CLOSING_RECEIVER}.档案员", self.facts["incoming_id"], "收文"),
        ):
            archivist = self.people(login)
            find = partial(self._record_of, archivist, document_id)
            record = wait_for(find, seconds=60, what=f"{name}归档")
            report = archivist.post(f"/api/archives/records/{record['id']}/verifications")
            self.expect(report["sound"], f"{name}档案包应通过完整性校验")
            self.tell("归档", login, f"{name}，档号 {record['number']}，校验通过")
            self.facts.setdefault("archival_numbers", []).append(record["number"])

    def _look_back(self) -> None:
        drafter = self.people(DRAFTER)

        def whole_chain() -> list[Reply] | None:
            entries: list[Reply] = drafter.get(f"/api/mobile/trace/{self.facts['id']}")["items"]
            services = {entry["service"] for entry in entries}
            return entries if {"documents", "archives"} <= services else None

        entries = wait_for(whole_chain, seconds=30, what="办理全程追踪")
        self.expect(
            {entry["correlation_id"] for entry in entries} == {self.facts["correlation_id"]},
            "从起草到归档应是同一关联号",
        )
        self.facts["trace"] = entries
        counts = drafter.get("/api/mobile/inbox/counts")
        listed = len(drafter.get("/api/mobile/inbox", box="todo")["items"])
        self.expect(counts["todo"] == listed, "待办数应与列表一致")
        self.tell(
            "追踪", drafter.login_name, f"全程 {len(entries)} 个事件，关联号一致；待办 {counts['todo']} 件"
        )

    def _incoming(self, unit: str) -> str:
        """The incoming document at a receiving unit, as its registry finds it by number."""
        clerk = self.people(f"{unit}.文书")

        def arrived() -> Reply | None:
            # The search looks into texts too; the number is that of one document only.
            found = clerk.get(DOCUMENTS, direction="incoming", q=self.facts["number"])["items"]
            return next((item for item in found if item["source_number"] == self.facts["number"]), None)

        incoming: str = wait_for(arrived, seconds=20, what=f"{unit}收文")["id"]
        return incoming

    def _record_of(self, archivist: Person, document_id: str) -> Reply | None:
        records = archivist.get("/api/archives/records", q=self.facts["number"])["items"]
        return next((record for record in records if record["document_id"] == document_id), None)


def notice_title(title: str) -> str:
    """A title of a notice for any text: a 方案 or 要点 is no kind of document and rides on a notice."""
    title = title.strip().removeprefix(OFFICE)
    if title.startswith("关于") and title.endswith("的通知"):
        return OFFICE + title
    if title.endswith(KINDS):
        return f"{OFFICE}关于转发《{title}》的通知"
    return f"{OFFICE}关于印发《{title}》的通知"


def without_salutation(paragraphs: list[str]) -> list[str]:
    """The body without its line of recipients, which are named as an element of the document."""
    first = paragraphs[0].strip() if paragraphs else ""
    return paragraphs[1:] if first.endswith(("：", ":")) and len(first) <= 60 else paragraphs
