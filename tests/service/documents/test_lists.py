"""Lists, search and export: only what the reader takes part in, by every filter."""

from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from shared.ids import new_id
from tests.service.documents.desk import Desk


def found(desk: Desk, by: str, **query: Any) -> list[str]:
    return [each["id"] for each in desk.get(by, "/documents", params=query)["items"]]


def test_lists_need_a_token_and_the_permission(desk: Desk) -> None:
    for path in ("/documents", "/documents/export"):
        assert desk.ask("", "GET", path).status_code == 401
        nobody = desk.person("市拟稿").in_post(new_id(), permissions=[])
        assert desk.api.get(path, nobody).status_code == 403


def test_everybody_lists_what_they_take_part_in(desk: Desk) -> None:
    document_id = desk.submitted()
    for who in ("市拟稿", "市核稿", "市文书"):
        assert document_id in found(desk, who)
    for who in ("市签发", "安源文书", "市财政局文书"):
        assert document_id not in found(desk, who)


def test_pages_follow_each_other_without_gap_or_repetition(desk: Desk) -> None:
    made = [desk.draft(title=f"萍乡市人民政府办公室关于翻页试验{place}的通知") for place in range(5)]
    seen: list[str] = []
    query: dict[str, Any] = {"q": "翻页试验", "limit": 2}
    while True:
        page = desk.get("市拟稿", "/documents", params=query)
        seen += [each["id"] for each in page["items"]]
        if page["next"] is None:
            break
        query["after"] = page["next"]
    assert seen == made[::-1]


def test_filters_narrow_the_list(desk: Desk) -> None:
    plain = desk.draft(title="萍乡市人民政府办公室关于筛选试验的通知")
    urgent = desk.draft(title="萍乡市人民政府办公室关于筛选试验的函", kind="函", urgency="特急")
    assert found(desk, "市拟稿", q="筛选试验") == [urgent, plain]
    assert found(desk, "市拟稿", q="筛选试验", kind="函") == [urgent]
    assert found(desk, "市拟稿", q="筛选试验", urgency="特急") == [urgent]
    assert found(desk, "市拟稿", q="筛选试验", state="reviewing") == []
    assert found(desk, "市拟稿", q="筛选试验", direction="incoming") == []
    assert found(desk, "市拟稿", q="筛选试验", created_from="2999-01-01T00:00:00+08:00") == []
    assert found(desk, "市拟稿", q="筛选试验", created_to="2999-01-01T00:00:00+08:00") == [urgent, plain]


def test_title_number_body_and_opinions_are_searched_for_those_inside_only(desk: Desk) -> None:
    title, body, opinion = "琥珀矿山整治", "须于月底前完成璎珞清点", "此处措辞以翡翠为宜"
    document_id = desk.submitted(title=f"萍乡市人民政府办公室关于{title}的通知", body=[body])
    chosen = {"sign": desk.choose("市签发")}
    desk.complete(document_id, "review", "市核稿", opinion=opinion, choices=chosen)
    desk.complete(document_id, "sign", "市签发", outcome="agree")
    desk.complete(document_id, "check", "市文书", outcome="pass")
    number = desk.complete(document_id, "register", "市文书")["number"]
    desk.complete(document_id, "render", "市文书")
    desk.complete(document_id, "issue", "市文书")
    desk.deliver(document_id)
    for words in ("琥珀矿山", "璎珞清点", "翡翠为宜", number, number.replace("〔", "[").replace("〕", "]")):
        assert document_id in found(desk, "市拟稿", q=words), words
        assert found(desk, "市财政局文书", q=words) == [], words
    # A receiver finds its own copy by what was sent, and not by what was said on the way.
    assert found(desk, "安源文书", q="琥珀矿山") == [desk.incoming(document_id, "安源")]
    assert found(desk, "安源文书", q="翡翠为宜") == []
    assert found(desk, "市拟稿", q="珀琥") == []


def test_a_changed_text_is_found_by_its_new_words_only(desk: Desk) -> None:
    document_id = desk.draft(body=["关于玛瑙的安排。"])
    desk.ask("市拟稿", "PATCH", f"/documents/{document_id}", json={"body": ["关于珊瑚的安排。"]})
    assert document_id in found(desk, "市拟稿", q="珊瑚")
    assert document_id not in found(desk, "市拟稿", q="玛瑙")


def test_a_list_is_exported_as_a_workbook(desk: Desk) -> None:
    desk.draft(title="=萍乡市人民政府办公室关于导出试验的通知")
    desk.draft(title="萍乡市人民政府办公室关于导出试验的函", kind="函")
    answer = desk.ask("市拟稿", "GET", "/documents/export", params={"q": "导出试验"})
    assert answer.headers["Content-Type"].startswith("application/vnd.openxmlformats")
    sheet = load_workbook(BytesIO(answer.content))["公文"]
    rows = list(sheet.values)
    assert rows[0][:5] == ("类别", "发文字号", "收文编号", "来文字号", "标题")
    assert [(row[0], row[5], row[9]) for row in rows[1:]] == [
        ("发文", "函", "起草"),
        ("发文", "通知", "起草"),
    ]
    assert (sheet["E3"].value, sheet["E3"].data_type) == ("=萍乡市人民政府办公室关于导出试验的通知", "s")
    assert desk.ask("市拟稿", "GET", "/documents/export", params={"surprise": "1"}).status_code == 422
