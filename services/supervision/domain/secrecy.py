"""Marks of state secrecy (保守国家秘密法): this network is not for what bears one."""

from services.supervision import errors
from shared.secrecy import mark_in_texts


def refuse_secret(*texts: str, where: str = "填写的内容") -> None:
    """Refuse (422) when one of the texts bears a mark."""
    if mark := mark_in_texts(texts):
        raise errors.secret_content(mark.quote, where=where)
