"""The description (著录) of a filed item: what an archivist may correct, and what stays as it was filed."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.archives.domain.filing import Filing
from shared.clock import local_date
from shared.events.dossier import Dossier

# What a person reads as the name of each field. Number, fonds, year, retention and files are not among them:
# they are part of the archival number or of the sealed package, and neither ever changes.
FIELD_NAMES = {
    "title": "题名",
    "document_number": "文件编号",
    "issuer": "责任者",
    "kind": "文种",
    "dated": "日期",
    "unit_title": "机构或问题",
    "subject_class": "分类号",
    "keywords": "主题词",
    "note": "附注",
}
REQUIRED = frozenset({"title", "issuer", "kind", "dated"})
SEARCHED = ("title", "document_number", "issuer", "unit_title", "subject_class", "keywords", "note")


def describe(dossier: Dossier, filing: Filing) -> dict[str, Any]:
    """The description as filing gives it."""
    issuers = (dossier.issuer, *dossier.co_issuers)
    return {
        "title": "".join(dossier.title.splitlines()),
        "document_number": dossier.number or "",
        "issuer": "、".join(unit.name for unit in issuers),
        "kind": dossier.kind,
        "dated": dated(dossier),
        "unit_title": filing.unit_title or "",
        "subject_class": dossier.subject_class or "",
        "keywords": "",
        "note": "",
    }


def dated(dossier: Dossier) -> date:
    """The date of the item: a meeting's last day; of signing, else of writing, else of receipt or closing."""
    moment = dossier.received_at or dossier.closed_at
    return dossier.meeting_ended_on or dossier.signed_on or dossier.written_on or local_date(moment)


def changed_fields(before: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Of the wanted values those that are different, as (old, new) in words."""
    return {
        name: (in_words(before[name]), in_words(wanted[name]))
        for name in FIELD_NAMES
        if name in wanted and wanted[name] != before[name]
    }


def in_words(value: Any) -> str:
    """A value as it is kept in the trail."""
    return value.isoformat() if isinstance(value, date) else str(value)
