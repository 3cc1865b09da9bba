"""Which typefaces an official page asks for, and the families that can stand in for each, best first.

The first names of each row are those of the standard (GB/T 9704-2012 §5.2.2) as vendors spell them; after them
come free designs of the same style, then a serif and a sans face that cover nearly every Chinese character.
"""

from enum import StrEnum
from typing import NamedTuple


class Role(StrEnum):
    """A typeface by its place in the page, not by its vendor."""

    FANGSONG = "fangsong"
    XIAOBIAOSONG = "xiaobiaosong"
    KAI = "kai"
    HEI = "hei"
    SONG = "song"


class Typeface(NamedTuple):
    """The families that can play a role, and the weight (100–900) to ask of them."""

    families: tuple[str, ...]
    weight: int


_SERIF = ("Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "思源宋体", "FandolSong")
_SANS = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "思源黑体",
    "WenQuanYi Zen Hei",
    "FandolHei",
)

TYPEFACES: dict[Role, Typeface] = {
    Role.FANGSONG: Typeface(
        (
            "仿宋_GB2312",
            "FangSong_GB2312",
            "仿宋",
            "FangSong",
            "方正仿宋_GB2312",
            "方正仿宋_GBK",
            "方正仿宋简体",
            "FZFangSong-Z02S",
            "华文仿宋",
            "STFangsong",
            "朱雀仿宋",
            "Zhuque Fangsong (technical preview)",
            "FandolFang",
            *_SERIF,
            *_SANS,
        ),
        400,
    ),
    Role.XIAOBIAOSONG: Typeface(
        (
            "方正小标宋简体",
            "方正小标宋_GBK",
            "方正小标宋_GB2312",
            "FZXiaoBiaoSong-B05S",
            "FZXiaoBiaoSong-B05",
            "小标宋",
            "华文中宋",
            "STZhongsong",
            *_SERIF,
            *_SANS,
        ),
        700,
    ),
    Role.KAI: Typeface(
        (
            "楷体_GB2312",
            "KaiTi_GB2312",
            "楷体",
            "KaiTi",
            "方正楷体_GB2312",
            "方正楷体_GBK",
            "方正楷体简体",
            "华文楷体",
            "STKaiti",
            "FandolKai",
            "LXGW WenKai",
            "AR PL KaitiM GB",
            "AR PL UKai CN",
            *_SERIF,
            *_SANS,
        ),
        400,
    ),
    Role.HEI: Typeface(
        ("黑体", "SimHei", "方正黑体_GBK", "方正黑体简体", "华文黑体", "STHeiti", *_SANS, *_SERIF),
        400,
    ),
    Role.SONG: Typeface(
        (
            "宋体",
            "SimSun",
            "中易宋体",
            "方正书宋_GBK",
            "华文宋体",
            "STSong",
            *_SERIF,
            "AR PL SungtiL GB",
            *_SANS,
        ),
        400,
    ),
}
