"""Packing: one sealed bag, always the same bytes, with names that harm nobody, and nothing that was not
declared.
"""

import hashlib
import json
import os
import subprocess
import sys
import tracemalloc
import zipfile
from dataclasses import replace
from pathlib import Path

import bagit
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.archives.domain.checks import Result
from services.archives.domain.filing import Filing
from services.archives.packaging import PackagingRefused, Register, build_package, verify_package
from services.archives.packaging.digests import _Sm3, new_sm3
from services.archives.packaging.names import MAX_BYTES, packed_name, safe_name
from shared.events.dossier import Attachment, Dossier, ReceivedAs, from_json, to_json
from tests.unit.archives import samples
from tests.unit.archives.samples import TEMPLATE, Store

ABC = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
FOLDER = "Z109-WS·2025-D30-BGS-0001"


def names_in(package: Path) -> list[str]:
    with zipfile.ZipFile(package) as archive:
        return [name.removeprefix(f"{FOLDER}/") for name in archive.namelist()]


def content_of(package: Path, name: str) -> bytes:
    with zipfile.ZipFile(package) as archive:
        return archive.read(f"{FOLDER}/{name}")


def test_both_sm3_implementations_know_the_published_vector() -> None:
    for hasher in (new_sm3(), _Sm3()):
        hasher.update(b"ab")
        hasher.update(b"c")
        assert hasher.hexdigest() == ABC


def test_the_item_is_laid_out_by_what_its_files_are(notice: Dossier, store: Store, tmp_path: Path) -> None:
    package = samples.packed(notice, store, tmp_path / "out")
    assert package.path.name == f"{FOLDER}.zip"
    assert names_in(package.path) == [
        "bagit.txt",
        "bag-info.txt",
        "data/元数据.xml",
        "data/处理单.pdf",
        "data/归档数据.json",
        "data/检测报告.json",
        "data/正文/001-春季防汛通知.pdf",
        "data/正文/004-定稿.txt",
        "data/过程稿/005-第1稿.txt",
        "data/过程稿/006-第2稿.txt",
        "data/附件/002-防汛物资清单.txt",
        "data/附件/003-联系表.pdf",
        "manifest-sha512.txt",
        "tagmanifest-sha512.txt",
        "固化信息.json",
    ]
    assert from_json(content_of(package.path, "data/归档数据.json")) == notice


def test_the_bag_says_what_it_is_and_who_made_it_when(notice: Dossier, store: Store, tmp_path: Path) -> None:
    package = samples.packed(notice, store, tmp_path / "out")
    lines = dict(
        line.split(": ", 1) for line in content_of(package.path, "bag-info.txt").decode().splitlines()
    )
    assert lines["External-Identifier"] == FOLDER
    assert lines["External-Description"] == "萍乡市人民政府办公室关于做好春季防汛准备工作的通知"
    assert lines["Bagging-Date"] == "2025-03-20"
    assert lines["Filed-At"] == "2025-03-20T10:30:00+08:00"
    assert lines["Bag-Software-Agent"] == "yiwang-archives 0.1.0"


def test_an_independent_implementation_finds_the_bag_valid(
    notice: Dossier, store: Store, tmp_path: Path
) -> None:
    package = samples.packed(notice, store, tmp_path / "out")
    with zipfile.ZipFile(package.path) as archive:
        archive.extractall(tmp_path / "unpacked")
    bag = bagit.Bag(str(tmp_path / "unpacked" / FOLDER))
    bag.validate()
    assert bag.info["Internal-Sender-Identifier"] == str(notice.document_id)


def test_every_file_and_the_package_have_three_digests(notice: Dossier, store: Store, tmp_path: Path) -> None:
    package = samples.packed(notice, store, tmp_path / "out")
    whole = package.path.read_bytes()
    assert package.fixity.sha256 == hashlib.sha256(whole).hexdigest()
    assert package.fixity.sm3 == hashlib.new("sm3", whole).hexdigest()
    assert set(package.files) == set(names_in(package.path))
    for name, fixity in package.files.items():
        assert fixity.sha512 == hashlib.sha512(content_of(package.path, name)).hexdigest()
    recorded = json.loads(content_of(package.path, "固化信息.json"))["文件"]
    assert {row["路径"]: row["SM3"] for row in recorded} == {
        name: fixity.sm3 for name, fixity in package.files.items() if name.startswith("data/")
    }


def test_the_same_dossier_gives_the_same_bytes(notice: Dossier, store: Store, tmp_path: Path) -> None:
    first = samples.packed(notice, store, tmp_path / "one")
    second = samples.packed(from_json(to_json(notice)), store, tmp_path / "two")
    assert first.path.read_bytes() == second.path.read_bytes()


def test_the_bytes_do_not_depend_on_the_process(notice: Dossier, store: Store, tmp_path: Path) -> None:
    """Another process has another hash seed and, here, another time zone and locale."""
    script = (
        "import sys; from pathlib import Path; from tests.unit.archives import samples as s;"
        "root = Path(sys.argv[1]); store = s.Store(root / 'again');"
        "print(s.packed(s.dispatch(store), store, root / 'other').fixity.sha256)"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "America/New_York", "LC_ALL": "C.UTF-8"}
    elsewhere = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    here = samples.packed(notice, store, tmp_path / "out")
    assert elsewhere.stdout.strip() == here.fixity.sha256


def test_a_hostile_name_stays_inside_its_folder(notice: Dossier, store: Store, tmp_path: Path) -> None:
    hostile = (
        "../../../etc/passwd",
        "C:\\Windows\\a.txt",
        "..",
        "/abs",
        "换\n行\x00\u202etxt.exe",
        "a%0Ab",
        "~root",
    )
    attachments = tuple(Attachment(title="附件", blob=store.text(name, name)) for name in hostile)
    package = samples.packed(replace(notice, attachments=attachments), store, tmp_path / "out")
    assert [name for name in names_in(package.path) if "附件" in name] == [
        "data/附件/002-passwd",
        "data/附件/003-a.txt",
        "data/附件/004-未命名",
        "data/附件/005-abs",
        "data/附件/006-换行txt.exe",
        "data/附件/007-a_0Ab",
        "data/附件/008-_root",
    ]
    assert verify_package(package.path, expected=package.fixity).sound


def test_files_of_the_same_name_do_not_overwrite_each_other(
    notice: Dossier, store: Store, tmp_path: Path
) -> None:
    attachments = tuple(
        Attachment(title="附件", blob=store.text(name, f"第{place}个"))
        for place, name in enumerate(("清单.txt", "清单.txt", "清单.TXT"))
    )
    package = samples.packed(replace(notice, attachments=attachments), store, tmp_path / "out")
    texts = [content_of(package.path, f.path).decode() for f in package.contents if f.role == "附件"]
    assert texts == ["第0个", "第1个", "第2个"]
    assert verify_package(package.path).sound


def test_a_very_long_name_is_cut_and_keeps_its_extension() -> None:
    name = packed_name(12, "防汛" * 200 + ".docx")
    assert name.startswith("012-防汛")
    assert name.endswith(".docx")
    assert len(name.encode()) <= MAX_BYTES + 4


@given(st.text())
def test_no_name_leads_out_of_the_folder(name: str) -> None:
    safe = safe_name(name)
    assert safe
    assert safe not in (".", "..")
    assert not set(safe) & set('/\\\x00\n\r<>:"|?*%~')
    assert len(safe.encode()) <= MAX_BYTES
    assert safe_name(safe) == safe


def test_content_that_is_not_what_the_dossier_says_is_never_packed(
    notice: Dossier, store: Store, tmp_path: Path
) -> None:
    assert notice.rendered
    code = notice.rendered.digest.partition(":")[2]
    stored = next((tmp_path / "blobs").rglob(code))
    stored.write_bytes(stored.read_bytes() + b" ")
    out = tmp_path / "out"
    with pytest.raises(PackagingRefused, match="在存储中的内容与登记的摘要或大小不符"):
        samples.packed(notice, store, out)
    assert list(out.iterdir()) == []


def test_an_incomplete_document_is_not_packed(notice: Dossier, store: Store, tmp_path: Path) -> None:
    with pytest.raises(PackagingRefused) as refused:
        samples.packed(samples.without(notice, "signer", "processing_sheet"), store, tmp_path / "out")
    assert [reason.rpartition("》")[2] for reason in refused.value.reasons] == [
        "缺少签发人",
        "缺少发文处理单",
    ]


def test_what_is_not_to_be_filed_is_not_packed(
    request_received: Dossier, store: Store, tmp_path: Path
) -> None:
    copy = replace(request_received, received_as=ReceivedAs.COPY)
    with pytest.raises(PackagingRefused, match="不归档"):
        samples.packed(copy, store, tmp_path / "out")


def test_the_register_is_asked_about_the_number(notice: Dossier, store: Store, tmp_path: Path) -> None:
    decided: Filing = samples.filing(notice, item=5)
    package = build_package(
        notice,
        decided,
        blobs=store.blobs,
        folder=tmp_path,
        template=TEMPLATE,
        register=Register(number_taken=True, previous_item=3),
    )
    found = {check.code: (check.result, check.note) for check in package.checks}
    assert found["1-8"] == (Result.FAILED, "档号已被占用")
    assert found["2-6"] == (Result.FAILED, "件号 5 与前一件 3 不连续")


def test_a_large_file_is_not_held_in_memory(notice: Dossier, store: Store, tmp_path: Path) -> None:
    """A content of 48 MB is packed and verified within 16 MB of additional Python memory."""
    big = tmp_path / "big.bin"
    with big.open("wb") as target:
        for place in range(48):
            target.write(bytes([place]) * 1024 * 1024)
    with big.open("rb") as source:
        blob = store.blobs.put(source, media_type="application/octet-stream", name="影像.bin")
    large = replace(notice, attachments=(Attachment(title="影像", blob=blob),))
    tracemalloc.start()
    package = samples.packed(large, store, tmp_path / "out")
    report = verify_package(package.path, expected=package.fixity)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert report.sound
    assert peak < 16 * 1024 * 1024
