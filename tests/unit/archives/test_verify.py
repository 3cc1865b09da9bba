"""Verifying: whatever happened to a package is told by file, and a hostile one is never unpacked."""

import hashlib
import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from services.archives.packaging import (
    Finding,
    Limits,
    Package,
    PackageUnreadable,
    VerificationReport,
    open_file,
    verify_package,
)
from shared.events.dossier import Dossier
from tests.unit.archives import samples
from tests.unit.archives.samples import Store

FOLDER = "Z109-WS·2025-D30-BGS-0001"
TEXT = "data/正文/004-定稿.txt"
Entries = dict[str, bytes]


@pytest.fixture
def package(notice: Dossier, store: Store, tmp_path: Path) -> Package:
    return samples.packed(notice, store, tmp_path / "out")


def rewritten(package: Package, change: Callable[[Entries], None]) -> io.BytesIO:
    """The package with its entries changed and zipped anew, so that all zip checksums are right."""
    with zipfile.ZipFile(package.path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    change(entries)
    return zipped(entries)


def zipped(entries: Entries, **options: int) -> io.BytesIO:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name), content, **options)
    return target


def told(report: VerificationReport) -> set[tuple[str, str]]:
    return {(finding.code, finding.path) for finding in report.findings}


def message(report: VerificationReport, code: str) -> str:
    return next(finding.message for finding in report.findings if finding.code == code)


def test_a_fresh_package_is_sound(package: Package) -> None:
    report = verify_package(package.path, expected=package.fixity)
    assert report.findings == ()
    assert report.package == package.fixity
    assert {file.path: file.fixity for file in report.files} == package.files
    assert all(file.sound for file in report.files)


def test_a_stream_is_verified_as_well_as_a_path(package: Package) -> None:
    with package.path.open("rb") as stream:
        assert verify_package(stream, expected=package.fixity).sound
        assert not stream.closed


def test_a_flipped_byte_is_told_by_file(package: Package) -> None:
    content = bytearray(package.path.read_bytes())
    content[content.index("请做好防汛".encode())] ^= 1
    report = verify_package(io.BytesIO(content), expected=package.fixity)
    assert told(report) == {("package_changed", ""), ("damaged", TEXT)}
    assert message(report, "damaged") == f"{TEXT}：内容已损坏（ZIP 校验和不符）"
    assert [file.path for file in report.files if not file.sound] == [TEXT]


def test_any_flipped_byte_is_noticed(package: Package) -> None:
    whole = package.path.read_bytes()
    for place in range(0, len(whole), 997):
        content = bytearray(whole)
        content[place] ^= 0xFF
        assert not verify_package(io.BytesIO(content), expected=package.fixity).sound


def test_changed_content_with_a_right_checksum_is_found_by_its_digests(package: Package) -> None:
    def change(entries: Entries) -> None:
        entries[f"{FOLDER}/{TEXT}"] = "各县区人民政府：\n不必做好防汛准备".encode()

    report = verify_package(rewritten(package, change))
    assert ("changed", TEXT) in told(report)
    assert (
        message(report, "changed")
        == f"{TEXT}：内容与清单 manifest-sha512.txt 登记的摘要不符（SHA-512），文件已被改动"
    )


def test_sm3_is_compared_besides_the_manifest(package: Package) -> None:
    """The record of SM3 is changed and every sha-512 made right again."""
    wrong = package.files[TEXT].sm3

    def change(entries: Entries) -> None:
        record = entries[f"{FOLDER}/固化信息.json"].replace(wrong.encode(), wrong[::-1].encode())
        entries[f"{FOLDER}/固化信息.json"] = record
        tags = entries[f"{FOLDER}/tagmanifest-sha512.txt"].decode()
        right = tags.replace(package.files["固化信息.json"].sha512, hashlib.sha512(record).hexdigest())
        entries[f"{FOLDER}/tagmanifest-sha512.txt"] = right.encode()

    report = verify_package(rewritten(package, change))
    assert told(report) == {("changed", TEXT)}
    assert message(report, "changed") == f"{TEXT}：内容与固化信息登记的摘要不符（SM3），文件已被改动"


def test_a_missing_file_is_told(package: Package) -> None:
    report = verify_package(rewritten(package, lambda entries: entries.pop(f"{FOLDER}/{TEXT}")))
    assert ("missing", TEXT) in told(report)
    assert message(report, "missing") == f"{TEXT}：清单中有，包内缺少"
    assert "应有 10 个文件" in message(report, "byte_count")


def test_an_extra_file_is_told(package: Package) -> None:
    extra, tag = "data/附件/009-多余.txt", "readme.txt"
    report = verify_package(
        rewritten(
            package, lambda entries: entries.update({f"{FOLDER}/{extra}": b"x", f"{FOLDER}/{tag}": b"x"})
        )
    )
    assert {("unexpected", extra), ("unexpected", tag)} <= told(report)
    assert message(report, "unexpected") == f"{extra}：包内多出，清单中没有"


@pytest.mark.parametrize("kept", [0, 1, 100, 20_000, -1])
def test_a_truncated_package_is_told(package: Package, kept: int) -> None:
    report = verify_package(io.BytesIO(package.path.read_bytes()[:kept]), expected=package.fixity)
    assert told(report) == {("package_changed", ""), ("not_a_package", "")}
    assert "大小应为" in message(report, "package_changed")
    assert message(report, "not_a_package") == "不是完整的 ZIP 文件，可能被截断或文件头已损坏"


@pytest.mark.parametrize(
    "name", ["manifest-sha512.txt", "tagmanifest-sha512.txt", "bagit.txt", "固化信息.json"]
)
def test_a_record_that_is_gone_is_told(package: Package, name: str) -> None:
    report = verify_package(rewritten(package, lambda entries: entries.pop(f"{FOLDER}/{name}")))
    assert ("missing", name) in told(report)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("manifest-sha512.txt", b"not a manifest\n"),
        ("bagit.txt", b"BagIt-Version: 9\n"),
        ("bag-info.txt", b"\xff\xfe"),
        ("固化信息.json", b"[[]]"),
        ("固化信息.json", b"{"),
        ("data/元数据.xml", b"<a/>"),
    ],
)
def test_a_record_that_cannot_be_understood_is_told(package: Package, name: str, content: bytes) -> None:
    report = verify_package(rewritten(package, lambda entries: entries.update({f"{FOLDER}/{name}": content})))
    assert ("wrong_record", name) in told(report)
    assert ("changed", name) in told(report)


def test_a_package_rewritten_consistently_is_found_by_its_registered_digest(
    notice: Dossier, store: Store, package: Package, tmp_path: Path
) -> None:
    other = samples.packed(samples.without(notice, "versions"), store, tmp_path / "other")
    assert verify_package(other.path).sound
    assert told(verify_package(other.path, expected=package.fixity)) == {("package_changed", "")}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../evil.txt", "unsafe_path"),
        (f"{FOLDER}/data/../../evil.txt", "unsafe_path"),
        ("/etc/cron.d/evil", "unsafe_path"),
        (f"{FOLDER}/data\\..\\evil.txt", "unsafe_path"),
        ("C:/evil.txt", "unsafe_path"),
        (f"{FOLDER}/data/a\x01b", "unsafe_path"),
        ("loose.txt", "unsafe_path"),
        ("other/data/a.txt", "several_folders"),
        (f"{FOLDER}/DATA/正文/004-定稿.TXT", "duplicate"),
    ],
)
def test_a_hostile_path_is_refused_before_anything_is_read(package: Package, name: str, code: str) -> None:
    report = verify_package(rewritten(package, lambda entries: entries.update({name: b"x"})))
    assert code in {finding.code for finding in report.findings}
    assert report.files == ()


def test_a_link_is_refused(package: Package) -> None:
    target = io.BytesIO(package.path.read_bytes())
    with zipfile.ZipFile(target, "a") as archive:
        link = zipfile.ZipInfo(f"{FOLDER}/data/链接")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert told(verify_package(target)) == {("link", f"{FOLDER}/data/链接")}


def test_an_encrypted_entry_is_refused(package: Package) -> None:
    content = bytearray(package.path.read_bytes())
    entry = content.index(b"PK\x01\x02")
    content[entry + 8] |= 1
    assert "encrypted" in {code for code, _ in told(verify_package(io.BytesIO(content)))}


def test_an_unusual_compression_is_refused() -> None:
    report = verify_package(zipped({f"{FOLDER}/bagit.txt": b"x" * 100}, compress_type=zipfile.ZIP_LZMA))
    assert told(report) == {("compression", f"{FOLDER}/bagit.txt")}


def test_a_zip_bomb_is_refused_by_what_it_claims_and_held_to_it(package: Package) -> None:
    entries = {f"{FOLDER}/data/big": bytes(3_000_000)}
    bomb = zipped(entries, compress_type=zipfile.ZIP_DEFLATED)
    assert told(verify_package(bomb, limits=Limits(total=2_000_000))) == {("too_large", "")}
    content = bytearray(bomb.getvalue())
    # The table of contents now claims 1,000 bytes; the reader must not give more than that.
    struct.pack_into("<L", content, content.index(b"PK\x01\x02") + 24, 1_000)
    report = verify_package(io.BytesIO(content), limits=Limits(total=2_000_000))
    assert ("damaged", "data/big") in told(report)


def test_too_many_files_and_too_large_records_are_not_read(package: Package) -> None:
    assert told(verify_package(package.path, limits=Limits(files=3))) == {("too_many_files", "")}
    report = verify_package(package.path, limits=Limits(tag_file=500))
    assert ("too_large", "manifest-sha512.txt") in told(report)


def test_an_empty_package_is_told() -> None:
    assert told(verify_package(zipped({}))) == {("empty", "")}


def test_one_file_is_opened_without_unpacking(package: Package) -> None:
    with open_file(package.path, TEXT) as stream:
        assert stream.read().decode().startswith("各县区人民政府")
    with pytest.raises(KeyError), open_file(package.path, "data/../bagit.txt"):
        pass
    with pytest.raises(PackageUnreadable) as refused, open_file(io.BytesIO(b"PK"), TEXT):
        pass
    assert isinstance(refused.value.findings[0], Finding)
