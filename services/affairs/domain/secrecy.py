"""Marks of state secrecy (保守国家秘密法): this network is not for what bears one."""

from collections.abc import Iterator
from typing import Any

from services.affairs import errors
from shared.secrecy import mark_in_texts


def refuse_secret(*texts: str, where: str = "填写的内容") -> None:
    """Refuse (422) when one of the texts bears a mark."""
    if mark := mark_in_texts(texts):
        raise errors.secret_content(mark.quote, where=where)


def texts_in(value: Any) -> Iterator[str]:
    """Every text that a person typed in a form, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_in(inner)
