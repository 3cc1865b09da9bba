"""What is wrong with a file, at the place where the person finds it."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """One error: file (and sheet), row as a spreadsheet counts (0: the whole file), column header, reason."""

    file: str
    row: int
    column: str
    message: str

    def __str__(self) -> str:
        place = self.file
        if self.row:
            place += f" 第{self.row}行"
        if self.column:
            place += f"“{self.column}”列"
        return f"{place}:{self.message}"
