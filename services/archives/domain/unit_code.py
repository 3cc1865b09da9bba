"""The 机构（问题） part of an archival number: which office's code a document gets."""

import re

DEFAULT_CODE = "BGS"
_WHOLE = re.compile(r"[A-Z0-9\u4e00-\u9fa5]{1,20}")
_ALLOWED = re.compile(r"[A-Z0-9\u4e00-\u9fa5]")


def is_unit_code(text: str) -> bool:
    """Whether the text may stand as the unit part of an archival number."""
    return _WHOLE.fullmatch(text) is not None


def unit_code(
    *, stated: str | None, office_names: tuple[str, ...], organ_names: tuple[str, ...], default: str
) -> str:
    """The code of an office: the stated one when it may stand in a number, else its name without the organ's.

    `office_names` and `organ_names` are the full and the short name; empty `office_names` gives the default.
    """
    if stated and is_unit_code(stated):
        return stated
    for name in office_names:
        if own := _own_part(name, organ_names):
            return own
    return default


def _own_part(name: str, organ_names: tuple[str, ...]) -> str:
    if name in organ_names:
        return ""
    longest_first = sorted(organ_names, key=len, reverse=True)
    organ = next((organ for organ in longest_first if organ and name.startswith(organ)), "")
    return "".join(_ALLOWED.findall(name.removeprefix(organ).upper()))[:20]
