"""Where fonts may come from, as an administrator sets it."""

from dataclasses import dataclass
from pathlib import Path

from shared.typesetting import errors


@dataclass(frozen=True, kw_only=True)
class FontSettings:
    """Where fonts may come from: `folder` is the office's own (None: none), `use_installed` the machine's.

    A file `fonts.toml` in the folder may name further families per role, tried before all others:
    `fangsong = ["某某仿宋"]`.
    """

    folder: Path | None = None
    use_installed: bool = True

    @classmethod
    def of(cls, font_dir: str) -> "FontSettings":
        """From the configured value of `YIWANG_FONT_DIR`; empty means that no folder is set."""
        if font_dir and not Path(font_dir).is_dir():
            raise errors.FontConfigurationError(f"YIWANG_FONT_DIR names no folder: {font_dir}")
        return cls(folder=Path(font_dir) if font_dir else None)
