"""The holidays by law (法定节假日), by which a table of days is seen to be the whole notice of a year.

How many days each has is in 《全国年节及纪念日放假办法》: four holidays at first, seven since 2008 (国令第513号), two
days more since 2025 (国令第795号). Those that follow the moon lie somewhere within a month. The notice of a year names
more days than the law, so that no notice fails this; a table that forgets a holiday does.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

_MonthDay = tuple[int, int]


@dataclass(frozen=True)
class _Stretch:
    """So many days off, at least, lie between two days of any year, both included."""

    first: _MonthDay
    last: _MonthDay
    days: int

    def named_by(self, year: int, off: Collection[date]) -> bool:
        first, last = date(year, *self.first), date(year, *self.last)
        return sum(first <= day <= last for day in off) >= self.days

    @property
    def words(self) -> str:
        (month, day), (last_month, last_day) = self.first, self.last
        if self.first == self.last:
            return f"{month}月{day}日"
        return f"{month}月{day}日至{last_month}月{last_day}日之间至少{self.days}天"


# What is told in either of its stretches is told.
_Law = Mapping[str, tuple[_Stretch, ...]]
_BEFORE_2008: _Law = {
    "元旦": (_Stretch((1, 1), (1, 1), 1),),
    "春节": (_Stretch((1, 20), (2, 27), 3),),
    "劳动节": (_Stretch((5, 1), (5, 5), 3),),
    "国庆节": (_Stretch((10, 1), (10, 7), 3),),
}
_FROM_2008: _Law = {
    **_BEFORE_2008,
    "清明节": (_Stretch((4, 4), (4, 6), 1),),
    "劳动节": (_Stretch((5, 1), (5, 5), 1),),
    "端午节": (_Stretch((5, 26), (6, 28), 1),),
    # One that falls into the week of the national holiday makes it eight days.
    "中秋节": (_Stretch((9, 6), (9, 30), 1), _Stretch((10, 1), (10, 8), 8)),
}
_FROM_2025: _Law = {
    **_FROM_2008,
    "春节": (_Stretch((1, 20), (2, 27), 4),),
    "劳动节": (_Stretch((5, 1), (5, 5), 2),),
}


def missing_holidays(year: int, off: Collection[date]) -> list[str]:
    """The holidays of that year of which these days off name too few, in words with where they are looked for."""
    law = _FROM_2025 if year >= 2025 else _FROM_2008 if year >= 2008 else _BEFORE_2008
    return [
        f"{name}（{'，或'.join(stretch.words for stretch in stretches)}）"
        for name, stretches in law.items()
        if not any(stretch.named_by(year, off) for stretch in stretches)
    ]
