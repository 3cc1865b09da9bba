"""Marks of state secrecy (保守国家秘密法): this network is not for what bears one."""

import re

from services.meetings import errors

_MARK = re.compile(r"(?:绝密|机密|秘密)\s*[★☆*]|[（(](?:绝密|机密|秘密)[)）]|密级\s*[:：]\s*(?:绝密|机密|秘密)")
_ALONE = re.compile(r"^\s*(?:绝密|机密|秘密)(?:\s*\d+\s*[年月天日])?\s*$")


def find_mark(text: str) -> str:
    """The mark as it stands in the text (秘密★1年), or alone on one of its lines; '' when there is none."""
    if found := _MARK.search(text):
        return found[0]
    return next((line.strip() for line in text.splitlines() if _ALONE.match(line)), "")


def refuse_secret(*texts: str, where: str = "填写的内容") -> None:
    """Refuse (422) when one of the texts bears a mark."""
    for text in texts:
        if mark := find_mark(text or ""):
            raise errors.secret_content(mark, where=where)
