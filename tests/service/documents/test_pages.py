"""What is printed: previews of a draft, letters, minutes, and documents that several organs issue jointly."""

from io import BytesIO
from typing import Any

from pypdf import PdfReader

from tests.service.documents.desk import Desk


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).replace("\n", "")


def preview(desk: Desk, by: str, document_id: str) -> Any:
    return desk.ask(by, "GET", f"/documents/{document_id}/preview")


def printed(desk: Desk, document_id: str) -> str:
    files = desk.get("市文书", f"/documents/{document_id}")["files"]
    file = next(file["id"] for file in files if file["role"] == "rendered")
    return text_of(desk.ask("市文书", "GET", f"/documents/{document_id}/files/{file}/content").content)


def test_a_draft_is_previewed_by_those_who_work_on_it_and_not_kept(desk: Desk) -> None:
    document_id = desk.submitted()
    assert preview(desk, "", document_id).status_code == 401
    assert preview(desk, "市签发", document_id).status_code == 404
    shown = preview(desk, "市核稿", document_id)
    assert (shown.status_code, shown.headers["Content-Type"]) == (200, "application/pdf")
    assert shown.headers["Content-Disposition"].startswith("inline")
    assert "萍乡市人民政府办公室文件" in text_of(shown.content)
    assert desk.get("市核稿", f"/documents/{document_id}")["files"] == []


def test_what_cannot_be_printed_says_what_is_in_the_way(desk: Desk) -> None:
    document_id = desk.draft(body=["其中的字符\U0001f9ff没有字形。"])
    refused = preview(desk, "市拟稿", document_id)
    assert (refused.status_code, refused.headers["Content-Type"]) == (422, "application/problem+json")
    assert "body.0" in refused.json()["errors"]


def test_a_letter_goes_out_as_a_letter(desk: Desk) -> None:
    document_id = desk.issued(
        kind="函",
        title="萍乡市人民政府办公室关于商请支持某项工作的函",
        body=["为做好某项工作，商请支持。", "专此函达。"],
    )
    text = printed(desk, document_id)
    assert "萍乡市人民政府办公室" in text
    assert "萍乡市人民政府办公室文件" not in text
    assert desk.row(document_id).number in text


def test_minutes_name_who_was_there_and_need_no_recipient(desk: Desk) -> None:
    document_id = desk.issued(
        kind="纪要",
        title="某项工作专题会议纪要",
        body=["会议研究了某项工作。", "会议议定以下事项。"],
        recipients=[],
        mark=["萍乡市人民政府专题会议纪要"],
        present=["张示例", "李示例"],
        excused=["王示例"],
    )
    text = printed(desk, document_id)
    assert "萍乡市人民政府专题会议纪要" in text
    assert "出席" in text
    assert "张示例、李示例" in text
    row = desk.row(document_id)
    assert (row.state, row.closed_at is not None) == ("issued", True)


def test_the_head_of_minutes_says_that_they_are_minutes(desk: Desk) -> None:
    document_id = desk.draft(kind="纪要", title="某项工作专题会议纪要", body=["会议研究了某项工作。"])
    assert "萍乡市人民政府办公室纪要" in text_of(preview(desk, "市拟稿", document_id).content)


def test_another_organs_head_goes_no_further_than_its_drafter(desk: Desk) -> None:
    document_id = desk.submitted(mark=["国务院"], signatories=["萍乡市人民政府", "国务院"])
    item = desk.item(document_id, "review", "市核稿")
    refused = desk.verb("市核稿", document_id, item, "complete", {"choices": {"sign": desk.choose("市签发")}})
    assert refused.json()["code"] == "documents.rules_broken"
    assert sorted(refused.json()["errors"]) == ["mark", "signatories"]
    own = {"mark": ["萍乡市人民政府"], "signatories": ["市政府办"]}
    desk.ask("市核稿", "PATCH", f"/documents/{document_id}", json=own).raise_for_status()
    desk.complete(document_id, "review", "市核稿", choices={"sign": desk.choose("市签发")})


def test_a_joint_document_is_signed_by_every_organ_and_bears_every_name(desk: Desk) -> None:
    document_id = desk.submitted(
        by="市拟稿",
        title="萍乡市财政局等关于做好某项工作的通知",
        co_issuers=[desk.unit("市财政局")],
        recipients=[{"unit_id": desk.unit("市档案局")}],
    )
    assert [each["name"] for each in desk.row(document_id).elements["co_issuers"]] == ["萍乡市财政局"]
    both = {"sign": desk.choose("市签发", "市财政局领导")}
    desk.complete(document_id, "review", "市核稿", choices=both)
    desk.complete(document_id, "sign", "市签发", outcome="agree", opinion="同意")
    assert (desk.state(document_id), desk.row(document_id).signed_at) == ("approving", None)
    desk.complete(document_id, "sign", "市财政局领导", outcome="agree", opinion="同意")
    desk.complete(document_id, "check", "市文书", outcome="pass")
    desk.complete(document_id, "register", "市文书")
    desk.complete(document_id, "render", "市文书")
    assert desk.ask("市财政局文书", "GET", f"/documents/{document_id}").status_code == 404
    desk.complete(document_id, "issue", "市文书")
    text = printed(desk, document_id)
    assert "萍乡市人民政府办公室" in text
    assert "萍乡市财政局" in text
    # From its issue on the other issuer's registry has the whole of it too.
    assert "sign" in desk.verbs("市财政局文书", document_id)


def test_a_joint_document_that_one_organ_has_not_signed_does_not_pass_the_check(desk: Desk) -> None:
    document_id = desk.reviewed(
        co_issuers=[desk.unit("市财政局")], recipients=[{"unit_id": desk.unit("市档案局")}]
    )
    desk.complete(document_id, "sign", "市签发", outcome="agree")
    item = desk.item(document_id, "check", "市文书")
    refused = desk.verb("市文书", document_id, item, "complete", {"outcome": "pass"})
    assert (refused.status_code, refused.json()["code"]) == (422, "documents.rules_broken")
    assert "萍乡市财政局" in refused.text
    assert "联合发文" in refused.text
