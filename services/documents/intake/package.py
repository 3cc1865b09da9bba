"""Zip packages (docx, xlsx, pptx, ofd) opened within bounds, so that a small file cannot unpack to fill the machine."""

import posixpath
import zipfile
import zlib
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO

from lxml import etree

from services.documents.intake import bounds, errors

_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_ENCRYPTED_FLAG = 0x1
# A compression that the zip reader does not know is a RuntimeError too.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,
    KeyError,
    ValueError,
)


@dataclass(frozen=True)
class Package:
    """A package whose directory was checked; parts are read one by one."""

    archive: zipfile.ZipFile
    name: str

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(self.archive.namelist())

    @property
    def has_macros(self) -> bool:
        """Whether the package carries a macro program, by its parts or by its declared content types."""
        if any(part.lower().endswith("vbaproject.bin") for part in self.names):
            return True
        return "[Content_Types].xml" in self.names and b"macroEnabled" in self.read("[Content_Types].xml")

    def read(self, part: str) -> bytes:
        """One part's bytes; raises `documents.file_damaged` when it cannot be unpacked."""
        if self.archive.getinfo(part).file_size > bounds.LARGEST_PART:
            raise errors.file_expands_too_far(self.name)
        try:
            return self.archive.read(part)
        except _BROKEN as error:
            raise errors.file_damaged(self.name, what="压缩包") from error

    def relations(self, part: str) -> list[tuple[str, str, str]]:
        """What a part is related to (OPC): the relation's id, its type, and the part it names."""
        folder, _, name = part.rpartition("/")
        named = f"{folder}/_rels/{name}.rels"
        if named not in self.names:
            return []
        return [
            (each.get("Id", ""), each.get("Type", ""), self.beside(part, each.get("Target", "")))
            for each in self.xml(named).iter("{*}Relationship")
        ]

    def beside(self, part: str, target: str) -> str:
        """The part that another one names, by its place beside that one or in the package as a whole."""
        target = target.strip()
        folder = "" if target.startswith("/") else part.rpartition("/")[0]
        return posixpath.normpath(posixpath.join(folder, target.lstrip("/")))

    def xml(self, part: str) -> etree._Element:
        """One part as XML, without entities and without reaching out."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        try:
            return etree.fromstring(self.read(part), parser)
        except etree.XMLSyntaxError as error:
            raise errors.file_damaged(self.name, what="文件") from error


def is_package(data: bytes) -> bool:
    """Whether the content begins as a zip file does."""
    return data.startswith(_MAGIC)


def open_package(data: bytes, *, name: str) -> Package:
    """The package, if its directory is sound and it unpacks to a bounded size.

    The sizes of the directory bind: reading a part stops there. Raises `documents.file_damaged`,
    `documents.file_encrypted` and `documents.file_expands_too_far`.
    """
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except _BROKEN as error:
        raise errors.file_damaged(name, what="文件") from error
    parts = archive.infolist()
    if any(part.flag_bits & _ENCRYPTED_FLAG for part in parts):
        raise errors.file_encrypted(name)
    total = sum(part.file_size for part in parts)
    bomb = total > bounds.RATIO_COUNTS_FROM and total > bounds.HIGHEST_RATIO * len(data)
    if len(parts) > bounds.MOST_PARTS or total > bounds.LARGEST_TOTAL or bomb:
        raise errors.file_expands_too_far(name)
    return Package(archive, name)
