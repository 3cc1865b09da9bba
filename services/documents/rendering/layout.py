"""What goes on an official page: every element of 《党政机关公文处理工作条例》第9条, before it is typeset."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class LayoutForm(StrEnum):
    """The forms of GB/T 9704-2012: the red-headed document 文件格式, the letter 信函格式, the minutes 纪要格式."""

    DOCUMENT = "document"
    LETTER = "letter"
    MINUTES = "minutes"


@dataclass(frozen=True, kw_only=True)
class Table:
    """A simple table 表格: rows of cells, the first row as its head, with an optional caption above."""

    rows: tuple[tuple[str, ...], ...]
    caption: str = ""


# A paragraph, whose level shows in its numbering (an empty one is a blank line), or a table.
Block = str | Table


@dataclass(frozen=True, kw_only=True)
class AttachedText:
    """An attachment 附件 that is printed with the document, on a page of its own."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, kw_only=True)
class OfficialLayout:
    """One official document, ready to be set.

    `mark` is the issuing authorities' name on top (several when issued jointly) and `mark_suffix` what follows it
    (文件, or nothing; letters and minutes have none). `signers` (签发人) are printed on documents that go
    upward. `seals` are PNG images, one for each of `signatories`, or none: then the unsealed position is used.
    `present`, `excused` and `observing` (出席, 请假, 列席) belong to minutes. `produced_at` is the only time written
    into the file; without it noon of `issued_on` is used, so the same layout always gives the same bytes.
    """

    mark: tuple[str, ...]
    title: str
    body: tuple[Block, ...]
    form: LayoutForm = LayoutForm.DOCUMENT
    mark_suffix: str = "文件"
    number: str = ""
    copy_number: str = ""
    urgency: str = ""
    signers: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    attachment_names: tuple[str, ...] = ()
    signatories: tuple[str, ...] = ()
    seals: tuple[bytes, ...] = ()
    issued_on: date | None = None
    note: str = ""
    attachments: tuple[AttachedText, ...] = ()
    present: tuple[str, ...] = ()
    excused: tuple[str, ...] = ()
    observing: tuple[str, ...] = ()
    copies_to: tuple[str, ...] = ()
    printed_by: str = ""
    printed_on: date | None = None
    produced_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ProcessStep:
    """One act in a document's history: which step, who in which post (for whom), what, with which opinion, when."""

    step: str
    person: str
    post: str
    act: str
    at: datetime
    opinion: str = ""
    on_behalf_of: str = ""


@dataclass(frozen=True, kw_only=True)
class ProcessingSheet:
    """The sheet that travels with a document and is filed with it: 发文稿纸 or 文件处理单.

    `heading` names the sheet, `agency` the office whose sheet it is; `elements` are label and value in the order
    printed; `produced_at` is the only time of the file that does not come from the steps.
    """

    agency: str
    heading: str
    title: str
    elements: tuple[tuple[str, str], ...]
    steps: tuple[ProcessStep, ...]
    produced_at: datetime
