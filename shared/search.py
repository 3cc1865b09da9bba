"""Chinese full-text search without database extensions: texts and queries as sets of short terms.

A text is indexed by its single Han characters, its pairs of neighbouring Han characters, and its Latin words and
figures in lower case. A query asks for pairs (or for one character, if that is all it has), so 数字 finds 数字政府 but
not 字数.
Brackets and most other marks only separate: 阜政发〔2021〕59号 is found by 阜政发[2021]59 as well. Quotation marks are
read over, because nobody types them: 数字政府建设 finds “数字政府”建设.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import InstrumentedAttribute

from shared.text import HAN, fold_width

# PostgreSQL type of a column of terms: `terms: Mapped[list[str]] = mapped_column(TERMS)`.
TERMS = postgresql.ARRAY(sa.Text())
Terms = sa.ColumnElement[Any] | InstrumentedAttribute[Any]

_RUN = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")
_HAN_RUN = re.compile(rf"[{HAN}]")
_READ_OVER = str.maketrans("", "", "“”‘’\"'《》〈〉「」『』")
# A word longer than this is no word (base64, a digest), and would only swell the index.
_LONGEST_WORD = 64


def bigrams(*texts: str | None) -> list[str]:
    """The terms under which these texts are found together, sorted and without repetition."""
    terms: set[str] = set()
    for run in _runs(texts):
        if not _HAN_RUN.match(run):
            terms.add(run)
            continue
        terms.update(run)
        terms.update(a + b for a, b in pairwise(run))
    return sorted(terms)


def query_terms(query: str) -> list[str]:
    """The terms that a text must all have to be found by this query; empty if it has no letter or figure."""
    terms: set[str] = set()
    for run in _runs([query]):
        if len(run) == 1 or not _HAN_RUN.match(run):
            terms.add(run)
        else:
            terms.update(a + b for a, b in pairwise(run))
    return sorted(terms)


def found_by(column: Terms, query: str) -> sa.ColumnElement[bool]:
    """The condition `column @> terms of the query`, which a GIN index serves; a query without terms finds nothing."""
    terms = query_terms(query)
    if not terms:
        return sa.false()
    return column.op("@>", is_comparison=True)(sa.cast(terms, TERMS))


def terms_index(name: str, column: str) -> sa.Index:
    """The GIN index that a column of terms needs."""
    return sa.Index(name, column, postgresql_using="gin")


def _runs(texts: Iterable[str | None]) -> Iterator[str]:
    for text in texts:
        for match in _RUN.finditer(fold_width(text or "").lower().translate(_READ_OVER)):
            yield match[0] if _HAN_RUN.match(match[0]) else match[0][:_LONGEST_WORD]
