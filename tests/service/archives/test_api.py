"""The archives over HTTP: who sees what, and that nothing filed is changed or removed."""

import io
import string
import zipfile
from collections.abc import Iterator
from datetime import date
from uuid import UUID

import openpyxl
import pytest
from sqlalchemy.orm import Session

from services.archives.domain.retention_defaults import DEFAULT_SCHEDULE
from services.archives.domain.retention_table import dump_schedule
from services.archives.models import ArchiveRecord
from shared.audit import AuditEntry
from shared.clock import SystemClock
from shared.ids import new_id
from shared.permissions import Permission
from tests.service.archives.archive import Archive, a_unit, new_town
from tests.support.api import RunningApi, SignedIn, a_person, serving
from tests.support.databases import ServiceDatabases
from tests.unit.archives import samples

ARCHIVIST = (
    Permission.ARCHIVES_CORRECT,
    Permission.ARCHIVES_READ,
    Permission.ARCHIVES_RULES_MANAGE,
    Permission.ARCHIVES_VERIFY,
)


# One api serves all of these tests; each of them has a town, and so archives, of its own.
_letters = iter(string.ascii_uppercase)


@pytest.fixture(scope="module")
def shared_archive(
    databases: ServiceDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Archive]:
    made = Archive(databases.of("archives"), tmp_path_factory.mktemp("archives"))
    yield made
    made.shut()


@pytest.fixture(scope="module")
def api(shared_archive: Archive) -> Iterator[RunningApi]:
    with serving("archives", shared_archive.database_url, shared_archive.settings.home) as running:
        yield running


@pytest.fixture
def archive(shared_archive: Archive) -> Archive:
    shared_archive.town = new_town(next(_letters))
    shared_archive.settle_town()
    return shared_archive


@pytest.fixture
def keeper(archive: Archive) -> SignedIn:
    """The archivist of the city's office, at work in one of its inner offices."""
    return a_person(*ARCHIVIST, unit_id=archive.town.general)


def file_one(archive: Archive, **facts: object) -> ArchiveRecord:
    document_id = archive.close(archive.dossier(**facts))
    archive.tick()
    return archive.filed(document_id)


def test_nobody_reads_archives_without_signing_in_or_permission(archive: Archive, api: RunningApi) -> None:
    assert api.get("/records").status_code == 401
    refused = api.get("/records", a_person(Permission.DOCUMENTS_READ, unit_id=archive.town.office))
    assert refused.status_code == 403
    assert "查阅档案" in refused.json()["title"]


def test_archivists_see_their_own_organ_and_those_below_it(archive: Archive, api: RunningApi) -> None:
    of_office, of_bureau = file_one(archive), file_one(archive, owner=archive.town.bureau)
    above = a_person(*ARCHIVIST, unit_id=archive.town.city)
    beside = a_person(*ARCHIVIST, unit_id=archive.town.bureau)
    stranger = a_person(*ARCHIVIST, unit_id=new_id())
    inside = a_person(*ARCHIVIST, unit_id=archive.town.general)
    assert seen(api, above) == {of_office.number, of_bureau.number}
    assert seen(api, inside) == {of_office.number}
    assert seen(api, beside) == {of_bureau.number}
    assert seen(api, stranger) == set()
    for path in ("", "/files", "/package", "/verifications", "/files/content?path=bagit.txt"):
        hidden = api.get(f"/records/{of_office.id}{path}", beside)
        assert (hidden.status_code, hidden.json()["code"]) == (404, "archives.record_not_found")
    refused = api.ask(
        "PATCH", f"/records/{of_office.id}/description", beside, json={"reason": "x", "note": "y"}
    )
    assert refused.status_code == 404
    assert api.post(f"/records/{of_office.id}/verifications", beside).status_code == 404
    assert api.get(f"/fonds/{archive.town.letter}002", beside).status_code == 404


def seen(api: RunningApi, person: SignedIn, **query: object) -> set[str]:
    answer = api.get("/records", person, params=query)
    assert answer.status_code == 200, answer.text
    return {record["number"] for record in answer.json()["items"]}


def test_records_are_found_by_text_year_retention_kind_and_date(
    archive: Archive, api: RunningApi, keeper: SignedIn
) -> None:
    notice = file_one(archive)
    request = file_one(archive, sample=samples.incoming)
    assert seen(api, keeper, q="春季防汛") == {notice.number}
    assert seen(api, keeper, q="萍府办发[2025]12") == {notice.number}
    assert seen(api, keeper, q="堤防") == {request.number}
    assert seen(api, keeper, kind="请示") == {request.number}
    assert seen(api, keeper, year=2025, retention="D30") == {notice.number, request.number}
    assert seen(api, keeper, year=2024) == set()
    assert seen(api, keeper, dated_from="2025-03-01") == {notice.number}
    assert seen(api, keeper, unit_id=archive.town.office, document_id=notice.document_id) == {notice.number}
    wrong = api.get("/records", keeper, params={"retention": "D20", "dated_from": "0001-01-01"})
    assert wrong.status_code == 422
    assert set(wrong.json()["errors"]) == {"retention", "dated_from"}


def test_pages_neither_skip_nor_repeat(archive: Archive, api: RunningApi, keeper: SignedIn) -> None:
    for _ in range(5):
        archive.close(archive.dossier())
    archive.tick()
    numbers, after = [], None
    while True:
        page = api.get("/records", keeper, params={"limit": 2, **({"after": after} if after else {})}).json()
        numbers += [record["item"] for record in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert sorted(numbers) == [1, 2, 3, 4, 5]


def test_a_record_is_shown_opened_and_downloaded(archive: Archive, api: RunningApi, keeper: SignedIn) -> None:
    record = file_one(archive)
    shown = api.get(f"/records/{record.id}", keeper)
    assert shown.status_code == 200, shown.text
    body = shown.json()
    assert body["retention_term"] == "30年"
    assert "第 4.2 条" in body["retention_explanation"]
    assert {check["result"] for check in body["checks"]} >= {"合格", "未检测"}
    assert body["corrections"] == []
    files = api.get(f"/records/{record.id}/files", keeper).json()["items"]
    text = next(file for file in files if file["role"] == "定稿")
    opened = api.get(f"/records/{record.id}/files/content", keeper, params={"path": text["path"]})
    assert opened.text.startswith("各县区人民政府")
    missing = api.get(f"/records/{record.id}/files/content", keeper, params={"path": "../bagit.txt"})
    assert (missing.status_code, missing.json()["code"]) == (404, "archives.file_not_found")
    package = api.get(f"/records/{record.id}/package", keeper)
    assert package.headers["Content-Type"] == "application/zip"
    assert f"{record.number}/bagit.txt" in zipfile.ZipFile(io.BytesIO(package.content)).namelist()


def test_who_took_a_copy_of_an_archive_is_in_the_audit_log(
    archive: Archive, api: RunningApi, keeper: SignedIn
) -> None:
    record = file_one(archive)
    stranger = a_person(*ARCHIVIST, unit_id=new_id())
    file = {"path": "bagit.txt"}
    assert api.get(f"/records/{record.id}/package", keeper).status_code == 200
    assert api.get(f"/records/{record.id}/files/content", keeper, params=file).status_code == 200
    assert api.get("/records/catalogue", keeper).status_code == 200
    assert api.get(f"/records/{record.id}", keeper).status_code == 200
    assert api.get(f"/records/{record.id}/package", stranger).status_code == 404
    assert audited(api, keeper) == {
        ("archives.download_package", "success", str(record.id)),
        ("archives.open_file", "success", str(record.id)),
        ("archives.export_catalogue", "success", ""),
    }
    assert audited(api, stranger) == {
        ("archives.download_package", "archives.record_not_found", str(record.id))
    }


def audited(api: RunningApi, person: SignedIn) -> set[tuple[str, str, str]]:
    with api.database.session() as session:
        entries = session.query(AuditEntry).filter(AuditEntry.person_id == person.person_id)
        return {(entry.action, entry.outcome, entry.subject) for entry in entries}


def test_verifying_finds_a_flipped_byte_and_keeps_the_result(
    archive: Archive, api: RunningApi, keeper: SignedIn
) -> None:
    record = file_one(archive)
    sound = api.post(f"/records/{record.id}/verifications", keeper)
    assert (sound.status_code, sound.json()["sound"]) == (201, True)
    path = archive.blob_path(record.package["digest"])
    content = bytearray(path.read_bytes())
    place = content.index("请做好防汛".encode())
    content[place] ^= 1
    path.write_bytes(content)
    broken = api.post(f"/records/{record.id}/verifications", keeper).json()
    assert broken["sound"] is False
    assert {finding["code"] for finding in broken["findings"]} == {"package_changed", "damaged"}
    assert [
        kept["sound"] for kept in api.get(f"/records/{record.id}/verifications", keeper).json()["items"]
    ] == [
        False,
        True,
    ]
    assert api.get(f"/records/{record.id}", keeper).json()["last_verification"]["sound"] is False
    path.unlink()
    gone = api.post(f"/records/{record.id}/verifications", keeper).json()
    assert gone["findings"][0]["code"] == "package_unavailable"
    assert api.get(f"/records/{record.id}/package", keeper).json()["code"] == "archives.package_unreadable"


def test_corrections_leave_the_record_and_keep_a_trail(
    archive: Archive, api: RunningApi, keeper: SignedIn
) -> None:
    record = file_one(archive)
    path = f"/records/{record.id}/description"
    wanted = {"reason": "题名漏字", "title": "关于做好春季防汛抗旱准备工作的通知", "keywords": "防汛 抗旱"}
    corrected = api.ask("PATCH", path, keeper, json=wanted, headers={"If-Match": '"1"'})
    assert corrected.status_code == 200, corrected.text
    assert corrected.headers["ETag"] == '"2"'
    body = corrected.json()
    assert body["title"] == wanted["title"]
    assert body["filed_description"]["title"] == "萍乡市人民政府办公室关于做好春季防汛准备工作的通知"
    assert body["number"] == record.number
    trail = {row["label"]: row for row in body["corrections"]}
    assert set(trail) == {"题名", "主题词"}
    assert trail["题名"]["old"] == "萍乡市人民政府办公室关于做好春季防汛准备工作的通知"
    assert (trail["题名"]["new"], trail["题名"]["reason"]) == (wanted["title"], "题名漏字")
    assert trail["题名"]["person_name"] == keeper.name
    assert seen(api, keeper, q="抗旱") == {record.number}
    assert archive.filed(record.document_id).described == record.described
    late = api.ask("PATCH", path, keeper, json={"reason": "x", "note": "y"}, headers={"If-Match": '"1"'})
    assert late.status_code == 412
    refusals = {
        "archives.nothing_to_correct": {"reason": "再改一次", "title": wanted["title"]},
        "archives.field_required": {"reason": "清空", "title": ""},
    }
    for code, asked in refusals.items():
        assert api.ask("PATCH", path, keeper, json=asked).json()["code"] == code
    assert api.ask("PATCH", path, keeper, json={"title": "无理由"}).status_code == 422
    for fixed in ("number", "year", "retention"):
        answer = api.ask("PATCH", path, keeper, json={"reason": "x", fixed: "y"})
        assert answer.json()["errors"] == {fixed: ["没有这个字段"]}


def test_a_record_can_neither_be_removed_nor_replaced(
    archive: Archive, api: RunningApi, keeper: SignedIn
) -> None:
    record = file_one(archive)
    for method in ("DELETE", "PUT", "PATCH", "POST"):
        assert api.ask(method, f"/records/{record.id}", keeper).status_code == 405


def test_gaps_and_rate_agree_and_lead_to_their_documents(
    archive: Archive, api: RunningApi, keeper: SignedIn
) -> None:
    file_one(archive)
    archive.close(samples.without(archive.dossier(), "signer"))
    archive.close(archive.dossier(owner=archive.town.bureau))
    archive.tick()
    gaps = api.get("/gaps", keeper).json()["items"]
    assert [gap["reasons"] for gap in gaps] == [
        ["《萍乡市人民政府办公室关于做好春季防汛准备工作的通知》缺少签发人"]
    ]
    assert (gaps[0]["attempts"], gaps[0]["owner_unit_name"]) == (1, "萍乡市人民政府办公室")
    rate = api.get("/rate", keeper).json()
    assert (rate["filed"], rate["due"], rate["rate"]) == (1, 2, "50.00")
    leader = a_person(*ARCHIVIST, unit_id=archive.town.city)
    whole = api.get("/rate", leader).json()
    assert (whole["filed"], whole["due"], whole["rate"]) == (2, 3, "66.66")
    assert {part["label"]: part["rate"] for part in whole["parts"]} == {
        "萍乡市人民政府办公室": "50.00",
        "萍乡市水利局": "100.00",
    }
    months = api.get("/rate", leader, params={"by": "month", "closed_from": "2025-03-10"}).json()["parts"]
    assert [(part["label"], part["due"]) for part in months] == [("2025年3月", 3)]
    behind = api.get(months[0]["documents"], leader).json()["items"]
    assert sorted(document["state"] for document in behind) == ["filed", "filed", "waiting"]
    assert "closed_from=2025-03-10&closed_to=2025-03-31" in months[0]["documents"]
    assert api.get("/rate", leader, params={"closed_to": "2024-12-31"}).json()["rate"] is None


def test_what_is_not_filed_is_listed_with_the_row_that_excludes_it(
    archive: Archive, api: RunningApi, keeper: SignedIn
) -> None:
    archive.close(archive.dossier(title="萍乡市人民政府办公室关于国庆值班安排的通知"))
    archive.tick()
    (document,) = api.get("/closed-documents", keeper, params={"state": "not_filed"}).json()["items"]
    assert document["decision"]["rule_code"] == "N3"
    rate = api.get("/rate", keeper).json()
    assert (rate["due"], rate["not_filed"], rate["rate"]) == (0, 1, None)


def test_the_catalogue_has_the_columns_of_the_standard_and_no_formulas(
    archive: Archive, api: RunningApi, keeper: SignedIn
) -> None:
    record = file_one(archive, title="=SUM(1,2)")
    answer = api.get("/records/catalogue", keeper, params={"year": 2025})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows())
    assert [cell.value for cell in rows[0]] == [
        "序号", "档号", "文号", "责任者", "题名", "日期", "密级", "页数", "备注",
    ]  # fmt: skip
    assert [cell.value for cell in rows[1]][:3] == [1, record.number, "萍府办发〔2025〕12号"]
    assert (rows[1][4].value, rows[1][4].data_type) == ("=SUM(1,2)", "s")


def test_a_new_schedule_decides_from_its_day_on_and_keeps_its_approval(
    archive: Archive, api: RunningApi, keeper: SignedIn
) -> None:
    table = dump_schedule(DEFAULT_SCHEDULE)
    in_force = api.get("/retention-schedules/in-force", keeper).json()
    assert (in_force["version"], in_force["unit_id"]) == ("默认-2026", None)
    table |= {"version": "市府办-2025", "effective_from": "2025-03-01", "approval": "萍档函〔2025〕3号同意"}
    for rule in table["rules"]:
        if rule["code"] == "4.2":
            rule["retention"] = "Y"
    put = api.post("/retention-schedules", keeper, json=table)
    assert put.status_code == 201, put.text
    assert api.post("/retention-schedules", keeper, json=table).json()["code"] == "archives.schedule_exists"
    record = file_one(archive)
    assert (record.retention, record.schedule_version) == ("Y", "市府办-2025")
    other = file_one(archive, owner=archive.town.bureau)
    assert (other.retention, other.schedule_version) == ("D30", "默认-2007")
    versions = api.get("/retention-schedules", keeper).json()["items"]
    assert [row["version"] for row in versions] == ["默认-2026", "市府办-2025", "默认-2007"]
    assert versions[1]["approval"] == "萍档函〔2025〕3号同意"
    before = api.get("/retention-schedules/in-force", keeper, params={"on": "2025-02-28"}).json()
    assert before["version"] == "默认-2007"


def test_a_faulty_schedule_is_refused_row_by_row(archive: Archive, api: RunningApi, keeper: SignedIn) -> None:
    table = dump_schedule(DEFAULT_SCHEDULE) | {"version": "错", "effective_from": "2025-03-01"}
    table["rules"] = [{**table["rules"][0], "retention": "D20"}, {"code": "x"}]
    refused = api.post("/retention-schedules", keeper, json=table)
    assert refused.status_code == 422
    assert refused.json()["errors"]["rules"] == [
        "第 1 行的保管期限应为 Y、D30、D10 或空（不归档）",
        "第 2 行缺少 material",
        "第 2 行缺少 source",
    ]
    reader = a_person(Permission.ARCHIVES_READ, unit_id=archive.town.office)
    assert api.post("/retention-schedules", reader, json=table).status_code == 403
    stranger = a_person(*ARCHIVIST, unit_id=new_id())
    sound = dump_schedule(DEFAULT_SCHEDULE) | {"version": "无主"}
    assert api.post("/retention-schedules", stranger, json=sound).json()["code"] == "archives.no_organ"


def test_a_fonds_changes_how_it_numbers_and_says_who_changed_it(
    archive: Archive, api: RunningApi, keeper: SignedIn
) -> None:
    (fonds,) = api.get("/fonds", keeper).json()["items"]
    assert (fonds["fonds_code"], fonds["unit_name"], fonds["revision"]) == (
        f"{archive.town.letter}002",
        "萍乡市人民政府办公室",
        0,
    )
    change = {
        "template": "{fonds}-{category}·{year}·{retention}·{unit}-{item:04}",
        "default_unit_code": "办公室",
        "unit_codes": {str(archive.town.general): "ZHK"},
    }
    changed = api.ask(
        "PATCH", f"/fonds/{archive.town.letter}002", keeper, json=change, headers={"If-Match": '"0"'}
    )
    assert changed.status_code == 200, changed.text
    # The api set it from its own today on, and what is filed on that day is filed by it.
    before, archive.clock.at = archive.clock.at, SystemClock().now()
    assert file_one(archive).number == f"{archive.town.letter}002-WS·2025·D30·办公室-0001"
    archive.clock.at = before
    late = api.ask(
        "PATCH", f"/fonds/{archive.town.letter}002", keeper, json=change, headers={"If-Match": '"0"'}
    )
    assert late.status_code == 412
    wrong = {"template": "{fonds}-{item:04}", "category": "XX", "unit_codes": {str(new_id()): "a-b"}}
    refused = api.ask("PATCH", f"/fonds/{archive.town.letter}002", keeper, json=wrong)
    assert refused.status_code == 422
    assert set(refused.json()["errors"]) == {"template", "category", "unit_codes"}


def test_who_keeps_two_fonds_of_one_number_says_which_is_meant(
    archive: Archive, api: RunningApi, keeper: SignedIn
) -> None:
    code, county = f"{archive.town.letter}002", new_id()
    with archive.transaction() as session:
        session.add(a_unit(county, archive.town.city, "安源区府办", fonds=code, division="360302"))
    above = a_person(*ARCHIVIST, unit_id=archive.town.city)
    of_county = a_person(*ARCHIVIST, unit_id=county)
    unclear = api.get(f"/fonds/{code}", above)
    assert (unclear.status_code, unclear.json()["code"]) == (409, "archives.fonds_ambiguous")
    assert "360302 安源区府办" in unclear.json()["detail"]
    of_one = {"division": "360302"}
    changed = api.ask("PATCH", f"/fonds/{code}", above, params=of_one, json={"default_unit_code": "XZ"})
    assert (changed.json()["unit_name"], changed.json()["division_code"]) == ("安源区府办", "360302")
    assert api.get(f"/fonds/{code}", of_county).json()["default_unit_code"] == "XZ"
    assert api.get(f"/fonds/{code}", keeper).json()["default_unit_code"] == "BGS"
    shown = [fonds for fonds in api.get("/fonds", above).json()["items"] if fonds["fonds_code"] == code]
    assert {fonds["division_code"]: fonds["default_unit_code"] for fonds in shown} == {
        "360300": "BGS",
        "360302": "XZ",
    }
    assert api.get(f"/fonds/{code}", keeper, params=of_one).status_code == 404


def test_writes_are_in_the_audit_log(archive: Archive, api: RunningApi, keeper: SignedIn) -> None:
    record = file_one(archive)
    api.post(f"/records/{record.id}/verifications", keeper)

    def actions(session: Session) -> list[tuple[str, UUID | None]]:
        return [
            (entry.action, entry.person_id) for entry in session.query(AuditEntry).order_by(AuditEntry.at)
        ]

    with archive.transaction() as session:
        noted = actions(session)
    assert ("archives.file", None) in noted
    assert ("archives.verify", keeper.person_id) in noted
    assert record.filed_at.date() == date(2025, 3, 20)
