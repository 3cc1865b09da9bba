"""From rows of text to facts: labels to kinds, lists to tuples, numbers to numbers."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from services.identity.domain.codes import LEVEL_LABELS
from services.identity.domain.directory import Complaint, Table, Wanted
from services.identity.domain.people import PersonFacts, PostFacts
from services.identity.domain.roles import ROLES_BY_LABEL
from services.identity.domain.units import KINDS_BY_LABEL, UnitFacts
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


def parse(rows: list[Row]) -> Parsed:
    """Turn rows into facts, noting every cell that cannot be understood."""
    parsed = Parsed()
    tables: dict[Table, dict[str, Any]] = {
        Table.UNITS: parsed.wanted.units,
        Table.PERSONS: parsed.wanted.persons,
        Table.POSTS: parsed.wanted.posts,
    }
    for row in rows:
        values, findings = _values(row)
        parsed.findings.extend(findings)
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
        if not findings:
            tables[row.table][code] = _MAKERS[row.table](**values)
    return parsed


def _values(row: Row) -> tuple[dict[str, Any], list[Finding]]:
    values: dict[str, Any] = {}
    findings: list[Finding] = []
    for column in COLUMNS[row.table]:
        text = row.cells.get(column.field)
        if text is None:
            if column.required:
                findings.append(Finding(row.file, row.number, column.header, "必填,不能为空"))
            continue
        try:
            values[column.field] = _READERS.get(column.field, _plain)(text)
        except _Wrong as error:
            findings.append(Finding(row.file, row.number, column.header, str(error)))
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
_MAKERS: dict[Table, Callable[..., Facts]] = {
    Table.UNITS: UnitFacts,
    Table.PERSONS: PersonFacts,
    Table.POSTS: PostFacts,
}
