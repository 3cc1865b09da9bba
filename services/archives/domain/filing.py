"""The decisions of one filing: where the item belongs, which number it got, and what its files are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.archives.domain.archival_number import ArchivalNumber, SeriesKey
from services.archives.domain.dossier import ContentRole
from services.archives.domain.retention import RetentionDecision
from services.archives.domain.year import YearDecision

SOFTWARE = "yiwang-archives"


@dataclass(frozen=True, kw_only=True)
class Fonds:
    """A fonds (全宗): its code, its name and the unit that forms it (立档单位).

    `division` is the division (行政区划, 6 digits) whose archive counts its fonds by itself.
    """

    division: str
    code: str
    name: str
    unit_name: str
    archive_name: str | None = None
    archive_code: str | None = None

    def counter(self, series: SeriesKey) -> str:
        """The name of the counter of that series: two archives may each have a fonds of the same number."""
        return f"{self.division}/{series.text()}"


@dataclass(frozen=True, kw_only=True)
class FondsSetting:
    """How a fonds numbers its items and what it is called; `revision` 0 says that nobody set anything.

    Each division's archive counts its fonds by itself, so a fonds is named by both codes. `unit_codes` maps the id of
    an inner office to its 机构代码 in archival numbers; `default_unit_code` is for documents that name no office.
    """

    division_code: str
    fonds_code: str
    revision: int
    template: str
    category: str
    name: str
    archive_name: str
    archive_code: str
    default_unit_code: str
    unit_codes: Mapping[str, str]


def archive_division(division_code: str) -> str:
    """The division whose archive (档案馆) has the fonds of a unit there: a township's lie in its county's."""
    return division_code[:6]


@dataclass(frozen=True, kw_only=True)
class Filing:
    """Everything that filing decided about one document; the same filing gives the same package, byte for
    byte.

    `number` is the archival number as text, unique in its archive, `parts` the same taken apart.
    `unit_title` is the 机构（问题） in words. `software` names the program and its version. `linked_numbers` are the
    archival numbers of those related items that were filed before, by the id that their own service gave them.
    """

    fonds: Fonds
    number: str
    parts: ArchivalNumber
    unit_title: str | None
    year: YearDecision
    retention: RetentionDecision
    filed_at: datetime
    software: str = SOFTWARE
    linked_numbers: Mapping[UUID, str] = field(default_factory=dict)

    @property
    def series(self) -> str:
        """The counter that the item's number was taken from."""
        return self.fonds.counter(self.parts.series)


@dataclass(frozen=True, kw_only=True)
class FileFormat:
    """What a look into the file showed: its name for people, and whether it opens, is locked or is archival.

    `opens` and `encrypted` are None where this kind of file was not looked into.
    """

    title: str
    detected_type: str | None = None
    pages: int | None = None
    opens: bool | None = None
    encrypted: bool | None = None
    archival: bool = False
    problem: str | None = None
    software: str | None = None


@dataclass(frozen=True, kw_only=True)
class PackedFile:
    """A content file in its place in the package: path below the package's folder, size in bytes, digests
    in hex.
    """

    order: int
    role: ContentRole
    title: str
    path: str
    source_name: str
    media_type: str
    size: int
    declared_digest: str
    declared_size: int
    digests: Mapping[str, str] = field(default_factory=dict)
    format: FileFormat

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]
