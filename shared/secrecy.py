"""Recognises the secrecy mark (密级) of a classified document, so that this network refuses it.

What counts as a mark, on the first page or in the element itself:

- 绝密, 机密 or 秘密 followed by ★, wherever a mark can stand: at the start of a line, after a gap or the copy number;
- the word alone on its line, also with a term (机密1年), a label (密级：机密), a bracket, or a copy number or an
  urgency beside it;
- the word in brackets at the start or the end of a title.

Width, spaces between the characters, traditional forms and look-alike stars make no difference. What does not count:
the words within a sentence (严守国家秘密, 商业秘密, 分为绝密、机密、秘密三级), and 内部, 工作秘密 or 密级：无, which
are no secrecy grades.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from shared.errors import Problem, invalid
from shared.text import fold_width

GRADES = ("绝密", "机密", "秘密")
# A first page holds no more paragraphs than these; what stands below is no mark.
FIRST_PAGE_PARAGRAPHS = 20


@dataclass(frozen=True)
class SecrecyMark:
    """A mark that was found: its grade, and the words on the page in which it stands."""

    grade: str
    quote: str


_TRADITIONAL = str.maketrans("絕機祕級", "绝机秘级")
_STARS = str.maketrans("☆✩✪✫✬✭✮✯⭐🌟*", "★" * 11)
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_GAP = re.compile(r"\s+")
_QUOTE_LENGTH = 40

# Spaces may stand between the two characters, as typists do to widen a mark.
_GRADE = r"(?P<grade>绝\s*密|机\s*密|秘\s*密)\s*级?"
_FIGURE = r"[\d一二三四五六七八九十]{1,4}"
_TERM = (
    rf"(?:长\s*期|{_FIGURE}\s*(?:年|个?月|天|日)|至?\s*\d{{4}}\s*年[\d年月日\s]*|启\s*用\s*前|解\s*密\s*前)"
)
_COPY_NUMBER = r"(?:(?:份\s*号|编\s*号|N[oO]\.?)?\s*[::]?\s*\d{1,8}\s*)?"
_LABEL = r"(?:(?:秘\s*)?密\s*级(?:\s*和\s*保\s*密\s*期\s*限)?\s*[::|]?\s*)?"
_URGENCY = r"(?:\s*(?:紧急程度\s*[::|]?)?\s*(?:特\s*[急提]|加\s*急|平\s*急))?"
_OPEN, _CLOSE = r"[\[(【〔<《「]?\s*", r"\s*[\])】〕>》」]?"

_SIGNS: tuple[re.Pattern[str], ...] = (
    # The word alone on its line, with what may stand beside it.
    re.compile(
        rf"\s*{_OPEN}{_COPY_NUMBER}{_LABEL}{_OPEN}{_GRADE}{_CLOSE}\s*(?:★?\s*\(?\s*{_TERM}\s*\)?|★)?{_CLOSE}{_URGENCY}\s*"
        r"(?:\s{1,}\S*(?:文件|号))?\s*$"
    ),
    # The word with its star where a mark can stand, whatever follows.
    re.compile(rf"(?:.*[\s\d\])】:|])?{_LABEL}{_OPEN}{_GRADE}{_CLOSE}\s*★"),
)
_IN_BRACKETS = r"[\[(【]\s*{grade}[^\])】]{{0,20}}[\])】]"
_IN_TITLE = re.compile(
    rf"^\s*{_IN_BRACKETS.format(grade=_GRADE)}|{_IN_BRACKETS.format(grade=_GRADE.replace('grade', 'last'))}\s*$"
)
_ELEMENT = re.compile(_GRADE)


def find_secrecy_mark(lines: Iterable[str]) -> SecrecyMark | None:
    """The first secrecy mark on a first page, given line by line, or none."""
    for line in lines:
        plain = _plain(line)
        if match := next(filter(None, (sign.match(plain) for sign in _SIGNS)), None):
            return _mark(match["grade"], line)
    return None


def mark_in_title(title: str) -> SecrecyMark | None:
    """The secrecy mark that a title carries in brackets, such as 关于……的通知（机密）, or none."""
    if match := _IN_TITLE.search(_plain(title)):
        return _mark(match["grade"] or match["last"], title)
    return find_secrecy_mark([title])


def mark_in_text(text: str) -> SecrecyMark | None:
    """The secrecy mark of what a person typed: its first line is looked at as a title, each other as a line."""
    first, *others = text.splitlines() or [""]
    return mark_in_title(first) or find_secrecy_mark(others)


def mark_in_texts(texts: Iterable[str | None]) -> SecrecyMark | None:
    """The first mark in what a person typed into several fields, some of them perhaps left empty, or none."""
    return next(filter(None, (mark_in_text(text or "") for text in texts)), None)


def secret_content(code: str, mark: str, *, where: str) -> Problem:
    """What was entered or uploaded bears a mark, and this network is not for such matters (422, 保守国家秘密法)."""
    message = (
        f"{where}标有密级“{mark}”。本系统运行在非涉密网络，不得录入、上传或存储涉密内容；"
        "请立即停止操作，改用涉密渠道办理，并告知本单位保密工作人员"
    )
    return invalid(code, "涉密内容不能在本系统办理", message, errors={"secrecy": [message]})


def mark_in_element(secrecy: str) -> SecrecyMark | None:
    """The grade that was entered as the element 密级和保密期限, or none for 无, 内部 and the like."""
    match = _ELEMENT.search(_plain(secrecy))
    return _mark(match["grade"], secrecy) if match and not _plain(secrecy).startswith("非") else None


def _plain(text: str) -> str:
    folded = fold_width(_INVISIBLE.sub("", text).translate(_STARS)).translate(_TRADITIONAL)
    # One space says as much as many, and keeps the patterns from trying every split of a long gap.
    return _GAP.sub(" ", folded)


def _mark(grade: str, line: str) -> SecrecyMark:
    return SecrecyMark("".join(grade.split()), line.strip()[:_QUOTE_LENGTH])
