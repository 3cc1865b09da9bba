"""From rows of text to facts: labels to kinds, lists to tuples, numbers to numbers."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from services.identity.domain.codes import LEVEL_LABELS, Level
from services.identity.domain.directory import Complaint, Directory, Table, Wanted
from services.identity.domain.people import PersonFacts, PostFacts
from services.identity.domain.roles import ROLES_BY_LABEL
from services.identity.domain.units import KINDS_BY_LABEL, Kind, UnitFacts
from services.identity.importing.columns import COLUMNS, HEADER_OF
from services.identity.importing.findings import Finding
from services.identity.importing.reading import Row

Facts = UnitFacts | PersonFacts | PostFacts

_LEVELS_BY_LABEL = {label: level for level, label in LEVEL_LABELS.items()}
_SEPARATORS = re.compile(r"[、,，;；]")
_LONGEST_CODE = 60


class _Wrong(Exception):
    """A cell's text does not mean anything in its column."""


@dataclass
class Parsed:
    """What the rows want, where each stands, and which cells could not be understood."""

    wanted: Wanted = field(default_factory=Wanted)
    rows: dict[tuple[Table, str], Row] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def finding_of(self, complaint: Complaint) -> Finding:
        """The complaint at the place of its row and column."""
        row = self.rows[complaint.table, complaint.code]
        header = HEADER_OF[complaint.table][complaint.field]
        return Finding(row.file, row.number, header, complaint.message)


def parse(rows: list[Row], existing: Directory) -> Parsed:
    """Turn rows into facts, noting every cell that cannot be understood.

    Such a row is wanted with what `existing` has in the place of those cells, or with something harmless: what can be
    understood of it is checked all the same.
    """
    parsed = Parsed()
    known: dict[Table, Mapping[str, Facts]] = {
        Table.UNITS: existing.units,
        Table.PERSONS: existing.persons,
        Table.POSTS: existing.posts,
    }
    tables: dict[Table, dict[str, Any]] = {
        Table.UNITS: parsed.wanted.units,
        Table.PERSONS: parsed.wanted.persons,
        Table.POSTS: parsed.wanted.posts,
    }
    for row in rows:
        values, findings = _values(row)
        parsed.findings.extend(findings.values())
        code = row.cells.get("code")
        if code is None:
            continue
        earlier = parsed.rows.get((row.table, code))
        if earlier is not None:
            header = HEADER_OF[row.table]["code"]
            said = f"编码{code}重复,已在{earlier.file} 第{earlier.number}行出现"
            parsed.findings.append(Finding(row.file, row.number, header, said))
            continue
        parsed.rows[row.table, code] = row
        parsed.wanted.named.add((row.table, code))
        unread = row.unread.union(findings)
        if unread:
            parsed.wanted.unread[row.table, code] = unread
            before = known[row.table].get(code)
            # Not where it stands: what is moved under it meanwhile would seem to go round in a circle.
            kept = {name: getattr(before, name) for name in unread - {"parent_code"}} if before else {}
            values = {**_HARMLESS[row.table], **kept, "code": code, **values}
        tables[row.table][code] = _MAKERS[row.table](**values)
    return parsed


def _values(row: Row) -> tuple[dict[str, Any], dict[str, Finding]]:
    """The values by field, and what is wrong with the cells of the others."""
    values: dict[str, Any] = {}
    findings: dict[str, Finding] = {}
    for column in COLUMNS[row.table]:
        text = row.cells.get(column.field)
        if text is None:
            if column.required and column.field not in row.unread:
                findings[column.field] = Finding(row.file, row.number, column.header, "必填,不能为空")
            continue
        try:
            values[column.field] = _READERS.get(column.field, _plain)(text)
        except _Wrong as error:
            findings[column.field] = Finding(row.file, row.number, column.header, str(error))
    return values, findings


def _plain(text: str) -> str:
    return text


def _code(text: str) -> str:
    if len(text) > _LONGEST_CODE or re.search(r"[\s、,，;；]", text):
        raise _Wrong(f"编码最多{_LONGEST_CODE}个字符,不能含空格、顿号、逗号和分号")
    return text


def _number(text: str) -> int:
    if not re.fullmatch(r"\d{1,6}", text, re.ASCII):
        raise _Wrong("应为0至999999的整数")
    return int(text)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in _SEPARATORS.split(text) if part.strip())


def _one_of(table: Mapping[str, Any]) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        if text not in table:
            raise _Wrong(f"“{text}”不在可选值中:{'、'.join(table)}")
        return table[text]

    return read


def _roles(text: str) -> frozenset[Any]:
    return frozenset(_one_of(ROLES_BY_LABEL)(label) for label in _listed(text))


def _set(text: str) -> frozenset[str]:
    return frozenset(_listed(text))


_READERS: dict[str, Callable[[str], Any]] = {
    "code": _code,
    "kind": _one_of(KINDS_BY_LABEL),
    "level": _one_of(_LEVELS_BY_LABEL),
    "issuing_codes": _listed,
    "position": _number,
    "roles": _roles,
    "holder_codes": _set,
    "scope_codes": _listed,
}
# In the place of required cells that cannot be understood; no rule that reads them is asked.
_HARMLESS: dict[Table, dict[str, Any]] = {
    Table.UNITS: {
        "name": "", "short_name": "", "kind": Kind.DEPARTMENT, "level": Level.CITY, "division_code": "",
    },
    Table.PERSONS: {"name": "", "login_name": ""},
    Table.POSTS: {"unit_code": "", "title": ""},
}  # fmt: skip
_MAKERS: dict[Table, Callable[..., Facts]] = {
    Table.UNITS: UnitFacts,
    Table.PERSONS: PersonFacts,
    Table.POSTS: PostFacts,
}
