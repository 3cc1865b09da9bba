"""What a rule has to say about a draft: how grave, which rule, which field, and what to do."""

from dataclasses import dataclass
from enum import StrEnum

REGULATION = "党政机关公文处理工作条例"


class Level(StrEnum):
    """`block` stops the document, `warn` asks a person to look, `info` reminds."""

    BLOCK = "block"
    WARN = "warn"
    INFO = "info"


@dataclass(frozen=True, kw_only=True)
class Objection:
    """What one rule holds against one field.

    `quote` is the wording that raised it. A blocking objection with a quote rests on a table of phrases and may be
    mistaken, so a reviewer may set it aside with a reason (`Finding.may_be_set_aside`).
    """

    level: Level
    field: str
    message: str
    quote: str = ""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """An objection with the rule behind it; `article` is the source to quote, empty where none could be verified."""

    level: Level
    rule: str
    article: str
    field: str
    message: str
    quote: str = ""

    @property
    def may_be_set_aside(self) -> bool:
        return bool(self.quote)


def blocks(findings: list[Finding]) -> list[Finding]:
    """Those that stop the document."""
    return [finding for finding in findings if finding.level is Level.BLOCK]
