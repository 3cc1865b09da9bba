"""What a closed document hands to the archives: the contract of the JSON that documents writes and archives
reads.

The event that closes a document carries only a reference to this JSON in the blob store; bytes never travel
in events. `to_json` and `from_json` are the only writer and reader, so both sides keep the same contract.
"""

import json
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from shared.events.dossier_shape import (
    LONG_TEXT,
    DossierInvalid,
    fact,
    facts,
    plain_facts,
    read_facts,
)
from shared.files import BlobRef

FORMAT = "yiwang-dossier/1"
MEDIA_TYPE = "application/vnd.yiwang.dossier+json"
MAX_BYTES = 32 * 1024 * 1024

__all__ = ["DossierInvalid", "from_json", "to_json"]


class Direction(StrEnum):
    """What is to be filed: a document sent out (发文) or taken in (收文), a meeting (会议), a supervised task
    (督查事项) or a case of internal affairs (办件).
    """

    DISPATCH = "dispatch"
    INCOMING = "incoming"
    MEETING = "meeting"
    TASK = "task"
    CASE = "case"


class Relation(StrEnum):
    """Where the issuing unit stands to the unit that files the document."""

    OWN = "own"
    SUPERIOR = "superior"
    PEER = "peer"
    SUBORDINATE = "subordinate"


class Importance(StrEnum):
    """Whether the matter is important business (重要业务) or general business (一般业务)."""

    IMPORTANT = "important"
    GENERAL = "general"


class Handling(StrEnum):
    """Whether an incoming document must be acted on (批办性) or only read (阅知性)."""

    ACT = "act"
    READ = "read"


class ReceivedAs(StrEnum):
    """Whether an incoming document was addressed to the unit (主送) or came as a copy (抄送)."""

    ADDRESSEE = "addressee"
    COPY = "copy"


class LinkKind(StrEnum):
    """How another document belongs to this one."""

    REPLIES_TO = "replies_to"
    REPLIED_BY = "replied_by"
    FORWARDS = "forwards"
    FORWARDED_BY = "forwarded_by"
    RELATED = "related"


@facts
class Unit:
    """A unit (机关, 单位 or 内设机构) as it was called at the time; `code` is its 机构代码 for archival
    numbers.
    """

    name: str = fact("单位名称")
    unit_id: UUID | None = fact("单位标识", default=None)
    uscc: str | None = fact("统一社会信用代码", limit=18, default=None)
    code: str | None = fact("机构代码", limit=20, default=None)


@facts
class Person:
    """A person in the post that the act was done in."""

    name: str = fact("姓名", limit=60)
    person_id: UUID | None = fact("人员标识", default=None)
    post: str | None = fact("职务", limit=100, default=None)
    unit: str | None = fact("所在单位", default=None)


@facts
class Attachment:
    """An attachment (附件) of the text, in the order of the attachment note."""

    title: str = fact("附件题名")
    blob: BlobRef = fact("附件文件")


@facts
class Version:
    """An earlier state of the text (过程稿), with who saved it and when."""

    number: int = fact("版本号")
    saved_at: datetime = fact("保存时间")
    saved_by: Person = fact("保存人")
    blob: BlobRef = fact("版本文件")
    note: str | None = fact("说明", limit=LONG_TEXT, default=None)


@facts
class Act:
    """One act of the process history.

    `verb` is the stable code of the act: `create`, `complete`, `return`, `withdraw`, `transfer`,
    `add_signer`, `circulate`, `answer`, `mark_read`, `remind` and the like. `step` is the step's Chinese
    name (核稿, 会签, 签发 …), absent for what belongs to no step; `outcome` is the result as people saw it
    (同意, 不同意).
    """

    at: datetime = fact("时间")
    verb: str = fact("动作", limit=60)
    step: str | None = fact("环节", limit=60, default=None)
    person: Person = fact("办理人")
    on_behalf_of: Person | None = fact("代谁办理", default=None)
    outcome: str | None = fact("办理结果", limit=60, default=None)
    opinion: str | None = fact("意见", limit=LONG_TEXT, default=None)


@facts
class Link:
    """Another document that belongs to this one: 来文 and 复文, 转发 and 被转发."""

    kind: LinkKind = fact("关系")
    title: str = fact("关联文件题名")
    document_id: UUID | None = fact("关联文件标识", default=None)
    number: str | None = fact("关联文件字号", default=None)


@facts
class Dossier:
    """All facts about a closed document (办结文件).

    The shape allows some facts to be absent that filing needs: what is missing is then told as the reason why
    the document could not be filed, instead of being refused as an unreadable message.
    """

    document_id: UUID = fact("公文标识")
    correlation_id: UUID | None = fact("关联号", default=None)
    direction: Direction = fact("收发类型")
    kind: str = fact("文种", limit=20)
    title: str = fact("标题", limit=1000)
    number: str | None = fact("发文字号", limit=100, default=None)

    owner: Unit = fact("归档单位")
    office: Unit | None = fact("承办机构", default=None)
    issuer: Unit = fact("发文机关")
    co_issuers: tuple[Unit, ...] = fact("联合发文机关", default=())
    issuer_relation: Relation = fact("发文机关层级")
    receivers: tuple[Unit, ...] = fact("主送机关", default=())
    copied: tuple[Unit, ...] = fact("抄送机关", default=())
    received_as: ReceivedAs | None = fact("收文身份", default=None)
    handling: Handling | None = fact("办理性质", default=None)

    drafted_at: datetime | None = fact("起草时间", default=None)
    signed_on: date | None = fact("签发日期", default=None)
    written_on: date | None = fact("成文日期", default=None)
    issued_at: datetime | None = fact("印发时间", default=None)
    received_at: datetime | None = fact("收文时间", default=None)
    meeting_ended_on: date | None = fact("会议闭幕日期", default=None)
    closed_at: datetime = fact("办结时间")

    urgency: str | None = fact("紧急程度", limit=20, default=None)
    importance: Importance | None = fact("重要程度", default=None)
    subject_class: str | None = fact("主题分类", limit=100, default=None)
    drafter: Person | None = fact("拟稿人", default=None)
    signer: Person | None = fact("签发人", default=None)

    rendered: BlobRef | None = fact("正本", default=None)
    final_text: BlobRef | None = fact("定稿", default=None)
    attachments: tuple[Attachment, ...] = fact("附件", default=())
    versions: tuple[Version, ...] = fact("过程稿", default=())
    processing_sheet: BlobRef | None = fact("处理单", default=None)
    acts: tuple[Act, ...] = fact("办理过程", default=())
    links: tuple[Link, ...] = fact("关联文件", default=())


def to_json(dossier: Dossier) -> bytes:
    """The dossier as canonical UTF-8 JSON: the same facts always give the same bytes.

    A blank text is written as absent, so that a writer whose tables keep empty strings need not care.
    """
    facts = {"format": FORMAT, **plain_facts(dossier)}
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def from_json(content: bytes) -> Dossier:
    """Read a dossier strictly; DossierInvalid lists every missing, unknown or wrong fact in Chinese."""
    if len(content) > MAX_BYTES:
        raise DossierInvalid((f"档案数据超过 {MAX_BYTES // 1024 // 1024} MB",))
    try:
        facts = json.loads(content.decode())
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise DossierInvalid(("档案数据不是有效的 UTF-8 JSON",)) from error
    if not isinstance(facts, dict):
        raise DossierInvalid(("档案数据应为一个 JSON 对象",))
    if (found := facts.pop("format", None)) != FORMAT:
        raise DossierInvalid((f"档案数据格式应为 {FORMAT}，实为 {found!r}",))
    dossier: Dossier = read_facts(Dossier, facts)
    return dossier
