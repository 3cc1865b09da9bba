"""File names inside a package: readable, unique, and harmless on every system that will ever unpack it."""

import re
import unicodedata

MAX_BYTES = 180
UNNAMED = "未命名"

_REMOVED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Path separators of any system, what Windows forbids, and "%", which BagIt manifests use for escapes (RFC
# 8493 §2.1.3).
_FORBIDDEN = re.compile(r'[<>:"|?*%~]')
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,10}")


def safe_name(name: str, *, limit: int = MAX_BYTES) -> str:
    """The last part of a name without anything that could lead out of the folder, hide or clash; at most
    `limit` bytes.

    Chinese stays as it is, in its composed form (NFC). The extension survives when the name must be cut.
    """
    composed = unicodedata.normalize("NFC", name)
    visible = "".join(char for char in composed if unicodedata.category(char) not in _REMOVED)
    last = re.split(r"[/\\]", visible)[-1]
    clean = " ".join(_FORBIDDEN.sub("_", last).split()).strip(" .")
    return _cut(clean or UNNAMED, limit)


def packed_name(order: int, name: str) -> str:
    """The name of the item's `order`-th file: the number in front keeps the order and makes every name
    unique.
    """
    return f"{order:03}-{safe_name(name)}"


def extension_of(name: str) -> str:
    """The extension with its dot when it is a plain one, else nothing."""
    stem, dot, end = name.rpartition(".")
    return dot + end if stem and _EXTENSION.fullmatch(dot + end) else ""


def _cut(name: str, limit: int) -> str:
    if len(name.encode()) <= limit:
        return name
    extension = extension_of(name)
    stem = name.removesuffix(extension).encode()[: limit - len(extension)].decode(errors="ignore")
    return stem.rstrip(" .") + extension
