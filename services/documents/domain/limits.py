"""How long a document may be and how many an office may issue in a year.

Source of the defaults: 整治形式主义为基层减负若干规定 (2024-08-06). Localities set their own, so both are rows by date.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.documents.domain.findings import Level, Objection

SOURCE = "整治形式主义为基层减负若干规定"


class Scope(StrEnum):
    """Whether a document covers a field as a whole (综合性) or one particular task (专项)."""

    COMPREHENSIVE = "comprehensive"
    SPECIFIC = "specific"

    @property
    def label(self) -> str:
        return "综合性文件" if self is Scope.COMPREHENSIVE else "部署专项工作或具体任务的文件"


@dataclass(frozen=True)
class LengthLimit:
    """From that day on, a document of this scope should not have more characters."""

    scope: Scope
    characters: int
    effective_from: date


@dataclass(frozen=True)
class AnnualQuota:
    """How many documents an issuing code may issue in a year (只减不增: usually last year's count)."""

    code: str
    year: int
    documents: int


DEFAULT_LENGTH_LIMITS: tuple[LengthLimit, ...] = (
    LengthLimit(Scope.COMPREHENSIVE, 5000, date(2024, 8, 6)),
    LengthLimit(Scope.SPECIFIC, 4000, date(2024, 8, 6)),
)


def count_characters(body: Iterable[str]) -> int:
    """The characters of a body without white space, marks included, as word processors count them."""
    return sum(len("".join(paragraph.split())) for paragraph in body)


def limit_on(limits: Sequence[LengthLimit], scope: Scope, *, on: date) -> LengthLimit | None:
    """The limit in force for this scope on that day, or none."""
    in_force = [limit for limit in limits if limit.scope is scope and limit.effective_from <= on]
    return max(in_force, key=lambda limit: limit.effective_from, default=None)


def check_length(
    body: Iterable[str], scope: Scope, *, on: date, limits: Sequence[LengthLimit] = DEFAULT_LENGTH_LIMITS
) -> Objection | None:
    """A warning when the body is longer than what is in force on that day."""
    limit = limit_on(limits, scope, on=on)
    count = count_characters(body)
    if limit is None or count <= limit.characters:
        return None
    message = (
        f"正文 {count} 字，超过{scope.label}一般不超过 {limit.characters} 字的要求，"
        f"多出 {count - limit.characters} 字；请压缩篇幅，或把细节移入附件"
    )
    return Objection(level=Level.WARN, field="body", message=message)


def check_quota(quota: AnnualQuota | None, *, issued: int) -> Objection | None:
    """A warning when one more document would exceed the year's quota; none is set, none is exceeded."""
    if quota is None or issued < quota.documents:
        return None
    message = (
        f"“{quota.code}”{quota.year} 年已发文 {issued} 件，年度计划为 {quota.documents} 件；"
        "年度发文量只减不增，确需发文的请另附书面说明"
    )
    return Objection(level=Level.WARN, field="number", message=message)
