"""The dossier: what is written is read back, and what is missing or doubtful is told in Chinese."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.archives.domain.dossier import ContentRole, contents_in_order, missing_facts
from shared.events.dossier import Dossier, DossierInvalid, from_json, to_json
from tests.unit.archives import samples


def changed(dossier: Dossier, **facts: Any) -> bytes:
    return json.dumps(json.loads(to_json(dossier)) | facts).encode()


def reasons(content: bytes) -> tuple[str, ...]:
    with pytest.raises(DossierInvalid) as refused:
        from_json(content)
    return refused.value.reasons


def test_what_is_written_is_read_back(notice: Dossier, request_received: Dossier) -> None:
    assert from_json(to_json(notice)) == notice
    assert from_json(to_json(request_received)) == request_received


def test_the_same_facts_give_the_same_bytes(notice: Dossier) -> None:
    assert to_json(from_json(to_json(notice))) == to_json(notice)


def test_a_blank_text_is_written_as_absent(notice: Dossier) -> None:
    blank = replace(notice, urgency="", subject_class=" ")
    assert from_json(to_json(blank)) == replace(notice, urgency=None, subject_class=None)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"title": "   "}, "标题：不能为空白"),
        ({"title": None}, "标题：不能为空"),
        ({"direction": "sideways"}, "收发类型：只能是 dispatch、incoming、meeting、task、case 之一"),
        ({"colour": "red"}, "colour：不认识的项"),
        ({"signed_on": "2025-02-30"}, "签发日期：格式不对"),
        ({"closed_at": "2025-03-18T09:00:00"}, "办结时间：时间必须带时区"),
        ({"document_id": "7"}, "公文标识：不是有效的标识符（UUID）"),
        ({"number": "x\u0000"}, "发文字号：含有不能保存的字符"),
        ({"owner": {"name": "甲", "uscc": "1" * 19}}, "归档单位·统一社会信用代码：不能超过 18 字"),
        ({"receivers": [{"name": "甲"}, {}]}, "主送机关第2项·单位名称：缺少此项"),
        ({"acts": "none"}, "办理过程：格式不对"),
        (
            {"rendered": {"digest": "md5:1", "size": 1, "media_type": "a/b", "name": "n"}},
            "正本·摘要：摘要应为 sha256: 加 64 位小写十六进制数",
        ),
        (
            {"rendered": {"digest": f"sha256:{'0' * 64}", "size": -1, "media_type": "a/b", "name": "n"}},
            "正本·大小：不能是负数",
        ),
    ],
)
def test_a_wrong_fact_is_refused_by_its_name(notice: Dossier, facts: dict[str, Any], reason: str) -> None:
    assert reasons(changed(notice, **facts)) == (reason,)


def test_every_missing_fact_is_told_at_once() -> None:
    told = reasons(b'{"format": "yiwang-dossier/1"}')
    assert "标题：缺少此项" in told
    assert "归档单位：缺少此项" in told
    assert len(told) == 8


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xff\xfe", "档案数据不是有效的 UTF-8 JSON"),
        (b"{", "档案数据不是有效的 UTF-8 JSON"),
        (b"[" * 100_000, "档案数据不是有效的 UTF-8 JSON"),
        (b"[]", "档案数据应为一个 JSON 对象"),
        (b"{}", "档案数据格式应为 yiwang-dossier/1，实为 None"),
    ],
)
def test_what_is_no_dossier_at_all_is_refused(content: bytes, reason: str) -> None:
    assert reasons(content) == (reason,)


@given(st.recursive(st.none() | st.booleans() | st.text(max_size=5) | st.integers(), st.lists, max_leaves=5))
def test_no_value_of_a_fact_breaks_the_reader(value: Any) -> None:
    facts = {
        "format": "yiwang-dossier/1",
        "acts": value,
        "rendered": value,
        "owner": value,
        "closed_at": value,
    }
    with pytest.raises(DossierInvalid):
        from_json(json.dumps(facts).encode())


def test_a_complete_document_lacks_nothing(notice: Dossier, request_received: Dossier) -> None:
    assert missing_facts(notice) == ()
    assert missing_facts(request_received) == ()


def test_each_essential_fact_that_is_missing_is_a_reason(notice: Dossier) -> None:
    told = missing_facts(samples.without(notice, "number", "signer", "rendered", "acts", "receivers"))
    assert [reason.rpartition("》")[2] for reason in told] == [
        "缺少发文字号",
        "缺少签发人",
        "缺少正本（排版后的 PDF）",
        "缺少办理过程",
        "缺少主送机关",
    ]


def test_a_reason_names_the_document(request_received: Dossier) -> None:
    assert missing_facts(samples.without(request_received, "received_at")) == (
        "《安源区人民政府关于修缮堤防的请示》缺少收文时间",
    )


def test_the_text_comes_before_its_attachments_and_drafts(notice: Dossier) -> None:
    found = contents_in_order(notice)
    assert [content.order for content in found] == list(range(1, 8))
    assert [content.role for content in found] == [
        ContentRole.ORIGINAL,
        ContentRole.ATTACHMENT,
        ContentRole.ATTACHMENT,
        ContentRole.FINAL_TEXT,
        ContentRole.VERSION,
        ContentRole.VERSION,
        ContentRole.PROCESSING_SHEET,
    ]


def test_the_handling_sheet_comes_before_a_received_document(request_received: Dossier) -> None:
    roles = [content.role for content in contents_in_order(request_received)]
    assert roles == [ContentRole.PROCESSING_SHEET, ContentRole.ORIGINAL]
