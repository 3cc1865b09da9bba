"""Files over HTTP: read, attached, taken off, fetched, and refused when they are not what they should be."""

import pytest
import sqlalchemy as sa

from shared.audit import AuditEntry
from shared.ids import new_id
from tests.service.documents.desk import Desk
from tests.support.office_files import (
    LOCKED_WORD,
    PNG,
    PROGRAM,
    locked_pdf,
    pdf_file,
    word_file,
    zip_file,
)

PLAIN = "关于某事的通知\n各单位：\n请办理某事。".encode()
# A file that cannot be what it should be, with the status and the code by which it is refused.
BAD = [
    (b"", "空.txt", 422, "documents.file_empty"),
    ("关于".encode() + b"\xff\xfe\x81" + "某事".encode() * 9, "乱码.txt", 422, "documents.text_broken"),
    (b"not a pdf at all", "说明.pdf", 415, "documents.file_not_what_it_says"),
    (b"%PDF-1.7\n" + bytes(200), "残缺.pdf", 422, "documents.file_damaged"),
    (PROGRAM, "工具.exe", 415, "documents.file_type_refused"),
    (zip_file({"a.txt": "甲"}), "打包.zip", 415, "documents.file_type_refused"),
    (LOCKED_WORD, "加密.docx", 422, "documents.file_encrypted"),
    (locked_pdf("secret"), "加密.pdf", 422, "documents.file_encrypted"),
    ("机密★1年\n关于某事的通知".encode(), "涉密.txt", 422, "documents.secret_document"),
    (word_file(["正文。"], head=["绝密"]), "涉密.docx", 422, "documents.secret_document"),
    (pdf_file("秘密★5年", "关于某事的通知"), "涉密.pdf", 422, "documents.secret_document"),
]
IDS = [f"{each[3].removeprefix('documents.')}-{each[1].rpartition('.')[2]}" for each in BAD]


def test_reading_a_file_takes_a_drafter(desk: Desk) -> None:
    files = {"file": ("通知.txt", PLAIN)}
    assert desk.ask("", "POST", "/documents/read-file", files=files).status_code == 401
    refused = desk.ask("市签发", "POST", "/documents/read-file", files=files)
    assert refused.json()["code"] == "auth.missing_permission"
    read = desk.ask("市拟稿", "POST", "/documents/read-file", files=files).json()
    assert (read["title"], read["paragraphs"]) == ("关于某事的通知", ["各单位：", "请办理某事。"])


def test_a_request_without_its_file_is_told(desk: Desk) -> None:
    missing = desk.ask("市拟稿", "POST", "/documents/read-file", files={"other": ("a.txt", PLAIN)})
    assert (missing.status_code, missing.json()["code"]) == (400, "web.file_missing")
    plain = desk.ask("市拟稿", "POST", "/documents/read-file", json={})
    assert plain.status_code == 415


@pytest.mark.parametrize(("data", "name", "status", "code"), BAD, ids=IDS)
def test_a_bad_file_is_no_text(desk: Desk, data: bytes, name: str, status: int, code: str) -> None:
    refused = desk.ask("市拟稿", "POST", "/documents/read-file", files={"file": (name, data)})
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert name in refused.json()["detail"]


@pytest.mark.parametrize(("data", "name", "status", "code"), BAD, ids=IDS)
def test_a_bad_file_is_no_attachment(desk: Desk, data: bytes, name: str, status: int, code: str) -> None:
    document_id = desk.draft()
    refused = desk.ask(
        "市拟稿", "POST", f"/documents/{document_id}/attachments", files={"file": (name, data)}
    )
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert desk.get("市拟稿", f"/documents/{document_id}")["files"] == []


def test_attaching_is_for_who_has_the_document_in_hand(desk: Desk) -> None:
    document_id = desk.submitted()
    path, files = f"/documents/{document_id}/attachments", {"file": ("名单.png", PNG)}
    assert desk.ask("", "POST", path, files=files).status_code == 401
    assert desk.ask("安源文书", "POST", path, files=files).status_code == 404
    refused = desk.ask("市拟稿", "POST", path, files=files)
    assert (refused.status_code, refused.json()["code"]) == (403, "documents.not_in_your_hands")
    secret = desk.ask("市核稿", "POST", path, files=files, data={"title": "名单（秘密）"})
    assert secret.json()["code"] == "documents.secret_document"
    assert desk.ask("市核稿", "POST", path, files=files).status_code == 201


def test_attachments_are_named_in_order_and_taken_off(desk: Desk) -> None:
    document_id = desk.draft()
    path = f"/documents/{document_id}/attachments"
    added = [
        desk.ask("市拟稿", "POST", path, files={"file": (name, PNG)}).json()
        for name in ("甲.png", "乙.png", "丙.png")
    ]
    assert [file["position"] for file in added] == [1, 2, 3]
    assert desk.ask("安源文书", "DELETE", f"{path}/{added[0]['id']}").status_code == 404
    assert desk.ask("市拟稿", "DELETE", f"{path}/{new_id()}").json()["code"] == "documents.file_not_found"
    assert desk.ask("市拟稿", "DELETE", f"{path}/{added[0]['id']}").status_code == 204
    assert desk.ask("市拟稿", "DELETE", f"{path}/{added[0]['id']}").status_code == 404
    document = desk.get("市拟稿", f"/documents/{document_id}")
    assert document["elements"]["attachment_names"] == ["乙", "丙"]
    assert [(file["name"], file["position"]) for file in document["files"]] == [("乙.png", 1), ("丙.png", 2)]
    assert desk.verbs("市拟稿", document_id)[-1] == "detach"


def test_an_attachment_after_signing_goes_back_to_who_signed(desk: Desk) -> None:
    document_id = desk.signed()
    added = desk.ask(
        "市文书", "POST", f"/documents/{document_id}/attachments", files={"file": ("名单.png", PNG)}
    )
    assert added.status_code == 201
    item = desk.item(document_id, "check", "市文书")
    assert "原签批人" in desk.verb("市文书", document_id, item, "complete", {"outcome": "pass"}).text


def test_content_is_for_those_who_may_see_the_document(desk: Desk) -> None:
    document_id = desk.draft()
    file = desk.ask(
        "市拟稿", "POST", f"/documents/{document_id}/attachments", files={"file": ("名单 1.png", PNG)}
    ).json()
    path = f"/documents/{document_id}/files/{file['id']}/content"
    assert desk.ask("", "GET", path).status_code == 401
    assert desk.ask("安源文书", "GET", path).status_code == 404
    assert (
        desk.ask("市拟稿", "GET", f"/documents/{desk.draft()}/files/{file['id']}/content").status_code == 404
    )
    got = desk.ask("市拟稿", "GET", path)
    assert (got.content, got.headers["Content-Type"]) == (PNG, "image/png")
    assert got.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")


def test_who_took_a_copy_of_a_document_is_in_the_audit_log(desk: Desk) -> None:
    document_id = desk.draft()
    path = f"/documents/{document_id}/attachments"
    file = desk.ask("市拟稿", "POST", path, files={"file": ("附件.txt", "附件内容。".encode())}).json()
    copy = f"/documents/{document_id}/files/{file['id']}/content"
    assert desk.ask("市拟稿", "GET", copy).status_code == 200
    assert desk.ask("市拟稿", "GET", "/documents/export").status_code == 200
    assert desk.ask("湘东承办", "GET", copy).status_code == 404
    subject = f"{document_id} {file['id']}"
    assert audited(desk, "市拟稿") >= {
        ("documents.download", "success", subject),
        ("documents.export_documents", "success", ""),
    }
    assert ("documents.download", "documents.not_found", subject) in audited(desk, "湘东承办")


def audited(desk: Desk, name: str) -> set[tuple[str, str, str]]:
    kept = sa.select(AuditEntry).where(AuditEntry.person_id == desk.person(name).person_id)
    with desk.offices.session() as session:
        return {(entry.action, entry.outcome, entry.subject) for entry in session.scalars(kept)}
