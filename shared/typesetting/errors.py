"""What can go wrong when a page is set, each as one refusal that a person can act on."""

from collections.abc import Mapping, Sequence

from shared.errors import Problem, invalid

NAMED_AT_MOST = 20


class FontConfigurationError(ValueError):
    """The configured fonts cannot be used; the text tells the administrator what to mend."""


class TypesettingFault(RuntimeError):
    """A template or the press itself is at fault, not the content; the text is what the press said."""


def missing_glyphs(characters: Sequence[str], positions: Mapping[str, Sequence[str]]) -> Problem:
    """No font of the chain can draw these characters; `positions` says by field where each first stands."""
    named = "、".join(f"“{c}”（U+{ord(c):04X}）" for c in characters[:NAMED_AT_MOST])
    more = f"等 {len(characters)} 个字符" if len(characters) > NAMED_AT_MOST else ""
    return invalid(
        "typesetting.missing_glyphs",
        "字体中缺字，无法排版",
        f"现有字体无法显示{named}{more}。请改用其他字符，或由管理员在字体目录中增加含有该字的字体。",
        errors=positions,
    )


def not_typesettable(reason: str) -> Problem:
    """The typesetter refused the content; `reason` is its own message, kept for the administrator."""
    return _failed(f"排版程序拒绝了这份内容：{reason}")


def broken_off(*, after: float | None) -> Problem:
    """The press died of the content; `after` that many seconds, when it was because they were over."""
    reason = f"超过 {after:g} 秒仍未排完" if after is not None else "排版程序意外中断"
    return _failed(f"{reason}。请再试一次；仍不成功时请缩短内容，或告知管理员。")


def _failed(detail: str) -> Problem:
    return invalid("typesetting.refused", "排版失败", detail)
