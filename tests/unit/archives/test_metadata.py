"""Metadata: complete after DA/T 46, valid against the schema that is shipped, and read without any risk."""

from dataclasses import replace
from pathlib import Path

import pytest

from services.archives.domain.activities import activity_of, missing_activities
from services.archives.domain.checks import Result, failed
from services.archives.domain.metadata_reader import (
    MetadataInvalid,
    minimum_metadata,
    missing_minimum,
    read_metadata,
)
from services.archives.packaging import Package
from shared.events.dossier import Dossier
from tests.unit.archives import samples
from tests.unit.archives.samples import Store

REQUIRED = {
    "来源": {"全宗名称", "立档单位名称"},
    "档号": {"全宗号", "年度", "保管期限", "机构或问题", "类别号", "室编件号"},
    "内容描述": {"题名", "文件编号", "责任者", "日期", "文种", "紧急程度", "主送", "抄送", "密级"},
    "形式特征": {"文件组合类型", "件数", "语种", "稿本"},
}


@pytest.fixture
def package(notice: Dossier, store: Store, tmp_path: Path) -> Package:
    return samples.packed(notice, store, tmp_path / "out")


def results(package: Package) -> dict[str, tuple[Result, str]]:
    return {check.code: (check.result, check.note) for check in package.checks}


def test_the_record_has_every_group_that_the_standard_requires(package: Package) -> None:
    record = read_metadata(package.metadata)["文件实体"]
    for group, names in REQUIRED.items():
        assert names <= set(record[group])
    assert record["档号"]["@全称"] == "Z109-WS·2025-D30-BGS-0001"
    assert record["内容描述"]["题名"] == "萍乡市人民政府办公室关于做好春季防汛准备工作的通知"


def test_every_file_has_its_digests_and_electronic_properties(package: Package) -> None:
    documents = read_metadata(package.metadata)["文件实体"]["文档"]
    assert [document["路径"] for document in documents] == [file.path for file in package.contents]
    first = documents[0]
    assert first["电子属性"]["格式信息"] == "PDF/A-2B"
    assert first["电子属性"]["计算机文件大小"]["#text"] == str(package.contents[0].size)
    assert [entry["@算法"] for entry in first["固化信息"]["摘要"]] == ["SHA-256", "SHA-512", "SM3"]


def test_every_act_is_told_with_its_agent_and_the_filing_itself_comes_last(package: Package) -> None:
    metadata = read_metadata(package.metadata)
    acts = metadata["业务实体块"]["业务实体"]
    assert [act["业务行为"] for act in acts] == [
        "起草", "审核", "会签", "签发", "复核", "登记", "核发", "归档",
    ]  # fmt: skip
    assert acts[3]["行为描述"] == "环节：签发；结果：同意；代主任李志强办理；意见：同意。"
    assert acts[0]["行为时间"] == "2025-03-03T09:00:00+08:00"
    assert "国家档案局" in acts[-1]["行为依据"] or "保管期限表" in acts[-1]["行为依据"]
    agents = [agent["机构人员名称"] for agent in metadata["机构人员实体块"]["机构人员实体"]]
    assert agents == ["王敏", "萍乡市人民政府办公室"]


def test_linked_documents_are_named_as_relations(package: Package) -> None:
    relations = read_metadata(package.metadata)["实体关系块"]["实体关系"]
    assert relations[-1]["关系"] == "来文"
    assert relations[-1]["关系描述"] == "安府字〔2025〕3号，关于防汛工作的请示"


def test_the_minimum_metadata_is_there(package: Package) -> None:
    metadata = read_metadata(package.metadata)
    assert missing_minimum(metadata) == ()
    found = minimum_metadata(metadata)
    assert found["责任者"] == ["萍乡市人民政府办公室"]
    assert found["文件"][0]["文档创建程序"] == "pypdf"
    assert found["业务行为"][0] == {
        "业务行为": "起草",
        "行为时间": "2025-03-03T09:00:00+08:00",
        "机构人员名称": "王敏",
    }


def test_control_characters_in_an_opinion_do_not_break_the_record(
    notice: Dossier, store: Store, tmp_path: Path
) -> None:
    act = replace(notice.acts[1], opinion="同意\x0b\r\n<办> & 速办")
    package = samples.packed(replace(notice, acts=(act,)), store, tmp_path / "out")
    acts = read_metadata(package.metadata)["业务实体块"]["业务实体"]
    assert acts[0]["行为描述"].endswith("意见：同意�\n<办> & 速办")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "不是有效的 XML"),
        (b"<a>", "不是有效的 XML"),
        (b"<a/>", "不符合规则"),
        (b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>', "DOCTYPE"),
    ],
)
def test_foreign_or_dangerous_xml_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(MetadataInvalid, match=reason):
        read_metadata(content)


def test_a_record_without_its_title_is_refused(package: Package) -> None:
    start, end = package.metadata.index("<题名>".encode()), package.metadata.index("<文件编号>".encode())
    with pytest.raises(MetadataInvalid, match="不符合规则"):
        read_metadata(package.metadata[:start] + package.metadata[end:])


@pytest.mark.parametrize(
    ("verb", "step", "activity"),
    [
        ("create", None, "起草"),
        ("issue", "待发", "核发"),
        ("complete", "核稿", "审核"),
        ("return", "核稿", "退回"),
        ("complete", "会签", "会签"),
        ("read", "阅知", "传阅"),
    ],
)
def test_acts_are_told_in_the_words_of_the_standard(
    notice: Dossier, verb: str, step: str, activity: str
) -> None:
    assert activity_of(replace(notice.acts[0], verb=verb, step=step)) == activity


def test_a_step_that_was_only_returned_does_not_count_as_done(notice: Dossier) -> None:
    acts = tuple(replace(act, verb="return") if act.step == "核稿" else act for act in notice.acts)
    assert missing_activities(replace(notice, acts=acts)) == ("审核",)


def test_a_complete_item_passes_and_what_nobody_tested_is_not_called_passed(package: Package) -> None:
    assert failed(package.checks) == ()
    found = results(package)
    assert found["4-2"] == (Result.NOT_TESTED, "未接入杀毒软件")
    assert found["1-8"] == (Result.NOT_TESTED, "未与档案登记簿比对")
    assert {check.category.value for check in package.checks} == {"真实性", "完整性", "可用性", "安全性"}


def test_an_original_that_will_not_last_and_a_broken_attachment_are_found(
    notice: Dossier, store: Store, tmp_path: Path
) -> None:
    broken = store.blobs.put(b"%PDF-1.7 torn", media_type="application/pdf", name="附表.pdf")
    disguised = store.blobs.put(samples.pdf(), media_type="text/plain", name="说明.txt")
    locked = store.blobs.put(samples.pdf(password="秘"), media_type="application/pdf", name="加密.pdf")
    files = (broken, disguised, locked)
    attachments = tuple(replace(notice.attachments[0], blob=blob) for blob in files)
    changed = replace(notice, rendered=store.pdf("正本.pdf", archival=False), attachments=attachments)
    found = results(samples.packed(changed, store, tmp_path / "out"))
    assert found["3-3"] == (Result.FAILED, "正本 data/正文/001-正本.pdf 不是 PDF/A 或 OFD")
    assert "data/附件/002-附表.pdf：不能打开" in found["3-4"][1]
    assert "data/附件/003-说明.txt 登记为 text/plain，实为 application/pdf" in found["1-10"][1]
    assert found["3-8"] == (Result.FAILED, "data/附件/004-加密.pdf 有密码保护")


def test_dates_that_cannot_be_are_found(notice: Dossier, store: Store, tmp_path: Path) -> None:
    late = replace(notice, signed_on=notice.closed_at.date().replace(day=30))
    found = results(samples.packed(late, store, tmp_path / "out"))
    assert found["1-5"] == (Result.FAILED, "签发日期晚于办结日期")
