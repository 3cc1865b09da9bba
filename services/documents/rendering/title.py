"""Where a title breaks: complete words, balanced lines, a trapezoid or a diamond (GB/T 9704-2012 §7.3.1)."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise

FULL_LINE = 20.0
_NARROW = 0.56

_NEVER_FIRST = frozenset("、，。；：？！）》〉」』”’〕】]),.;:?!%％·—…")
_NEVER_LAST = frozenset("（《〈「『“‘〔【[(·—")
_PAIRS = {"《": "》", "“": "”", "（": "）", "〔": "〕", "【": "】", "「": "」"}
_UNBROKEN = re.compile(
    r"[0-9A-Za-z.\-/%]+(?:年|月|日|号|届|次|期|个|项|批|周年)?"
    r"|第[一二三四五六七八九十百零〇0-9]+(?:季度|[届次期批号个年条章])|〔\d+〕\d+号"
)
# The kind stands at the end of a title together with its 的: “……的通知” is never torn apart.
_ENDING = re.compile(r"的(?:决议|决定|命令|公报|公告|通告|意见|通知|通报|报告|请示|批复|议案|函|纪要|复函)$")
_GOOD_BEFORE = ("关于", "《", "印发", "转发", "批转", "贯彻", "做好", "加强", "开展", "推进", "进一步", "（")
_GOOD_AFTER = (
    "关于印发",
    "关于转发",
    "关于批转",
    "关于公布",
    "》",
    "、",
    "，",
    "和",
    "与",
    "及",
    "关于",
    "）",
)

_FORBIDDEN = 10_000.0
_INSIDE_WORD = 60.0
_INSIDE_PAIR = 14.0
_BEFORE_DE = 60.0
_AFTER_DE = 8.0
_PLAIN = 20.0
_GOOD = 4.0


def width(text: str) -> float:
    """How wide the text is in full characters."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else _NARROW for c in text)


def break_title(title: str, *, names: Sequence[str] = (), full_line: float = FULL_LINE) -> tuple[str, ...]:
    """The lines of the title; `names` (of authorities) are kept whole, breaks that the author made are kept.

    `full_line` is the length of the longest line allowed, in full characters.
    """
    if "\n" in title or not title:
        return tuple(line for line in (part.strip() for part in title.split("\n")) if line)
    if width(title) <= full_line:
        return (title,)
    costs = _break_costs(title, names)
    fewest = int(-(-width(title) // full_line))
    plans = [_best_plan(title, costs, count, full_line) for count in (fewest, fewest + 1)]
    _, cuts = min(plans)
    bounds = [0, *cuts, len(title)]
    return tuple(title[a:b].strip() for a, b in pairwise(bounds))


def _best_plan(
    title: str, costs: Sequence[float], count: int, full_line: float
) -> tuple[float, tuple[int, ...]]:
    """The cheapest way to cut the title into that many lines: cost and cut positions."""
    ideal = width(title) / count
    start = {0: 0.0}
    for at, character in enumerate(title, 1):
        start[at] = start[at - 1] + width(character)

    @cache
    def best(begin: int, left: int, previous: float, falling: bool) -> tuple[float, tuple[int, ...]]:
        if left == 1:
            length = start[len(title)] - start[begin]
            if length > full_line:
                return _FORBIDDEN * 10, ()
            return _shape_cost(previous, length, ideal, falling=falling), ()
        found: tuple[float, tuple[int, ...]] = (_FORBIDDEN * 100, ())
        for end in range(begin + 1, len(title) - left + 2):
            length = start[end] - start[begin]
            if length > full_line:
                break
            own = costs[end] + _shape_cost(previous, length, ideal, falling=falling)
            if own >= found[0]:
                continue
            cost, cuts = best(end, left - 1, length, falling or 0 < length < previous)
            found = min(found, (own + cost, (end, *cuts)))
        return found

    return best(0, count, 0.0, False)


def _shape_cost(previous: float, length: float, ideal: float, *, falling: bool) -> float:
    """What a line costs by its length: far from even, the same as the line above, or making an hourglass."""
    cost = max(0.0, abs(length - ideal) - 3) ** 2 * 0.8
    if not previous:
        return cost
    if abs(length - previous) < 1:
        cost += 6
    if falling and length > previous:
        cost += 25
    return cost


def _break_costs(title: str, names: Sequence[str]) -> list[float]:
    """What a break before each character costs; index 0 is unused."""
    costs = [_PLAIN] * (len(title) + 1)
    for at in range(1, len(title)):
        before, after = title[:at], title[at:]
        if any(after.startswith(word) for word in _GOOD_BEFORE) or before.endswith(_GOOD_AFTER):
            costs[at] = _GOOD
        if before.endswith(("关于", "和", "与", "及")) and not before.endswith(_GOOD_AFTER[:4]):
            costs[at] = _AFTER_DE
        if before.endswith("的"):
            costs[at] = _AFTER_DE
        if after.startswith("的"):
            costs[at] = _BEFORE_DE
        if after[0] in _NEVER_FIRST or before[-1] in _NEVER_LAST:
            costs[at] = _FORBIDDEN
    for begin, end, cost in _whole_stretches(title, names):
        for at in range(begin + 1, end):
            costs[at] = max(costs[at], cost)
    for begin, end in _pairs(title):
        for at in range(begin + 1, end):
            costs[at] += _INSIDE_PAIR
    return costs


def _whole_stretches(title: str, names: Sequence[str]) -> list[tuple[int, int, float]]:
    found = [(*match.span(), _FORBIDDEN) for match in _UNBROKEN.finditer(title)]
    found += [(*match.span(), _FORBIDDEN) for match in _ENDING.finditer(title)]
    for name in names:
        # A name that is longer than a line has to break somewhere.
        cost = _FORBIDDEN if width(name) <= FULL_LINE else _INSIDE_WORD
        found += [(*match.span(), cost) for match in re.finditer(re.escape(name), title) if name]
    found += [(*match.span(), _INSIDE_WORD) for match in _known_words().finditer(title)]
    return found


def _pairs(title: str) -> list[tuple[int, int]]:
    """The stretches between brackets or quotation marks, marks included."""
    found = []
    open_marks: list[tuple[str, int]] = []
    for at, character in enumerate(title):
        if character in _PAIRS:
            open_marks.append((_PAIRS[character], at))
        elif open_marks and character == open_marks[-1][0]:
            found.append((open_marks.pop()[1], at + 1))
    return found


@cache
def _known_words() -> re.Pattern[str]:
    words = (files(__package__) / "title-words.txt").read_text("utf-8").split()
    return re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)))
