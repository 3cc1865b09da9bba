"""The filing rate (归档率): filed / due over closed documents; "due" is defined in the service's README."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Rate:
    """Closed documents by what became of them; those not to be filed count neither way."""

    filed: int
    waiting: int
    not_filed: int

    @property
    def due(self) -> int:
        """应归档: all but those that the schedule excludes; a gap is due and lowers the rate."""
        return self.filed + self.waiting

    @property
    def rate(self) -> str | None:
        """In percent with two decimals, rounded down so that 100.00 means all; None when nothing is due."""
        if not self.due:
            return None
        hundredths = self.filed * 10_000 // self.due
        return f"{hundredths // 100}.{hundredths % 100:02}"
