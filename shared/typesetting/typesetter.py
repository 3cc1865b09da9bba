"""Setting pages from anywhere in the suite: the pages come from a press, another process, and never weigh on this one.

Waiting for them blocks the thread: cooperative servers call it through `shared.offload`.
"""

import atexit
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from shared.errors import Problem
from shared.typesetting.errors import FontConfigurationError, TypesettingFault
from shared.typesetting.presses import Presses
from shared.typesetting.settings import FontSettings
from shared.typesetting.text import Piece
from shared.typesetting.wire import Message


class Typesetter:
    """Sets documents with the fonts of one `FontSettings`; safe to share between threads."""

    def __init__(self, settings: FontSettings, *, presses: Presses | None = None) -> None:
        self._fonts = {
            "folder": str(settings.folder) if settings.folder else None,
            "use_installed": settings.use_installed,
        }
        self._presses = presses or _presses()

    def typeset(
        self,
        template: Path,
        data: Mapping[str, Any],
        *,
        pieces: Iterable[Piece],
        produced_at: datetime,
    ) -> bytes:
        """The PDF/A-2b file of that template with that data, refused (422) when a character cannot be drawn.

        `pieces` lists every text in `data` that comes from people; `produced_at` (aware) is the only time that
        enters the file.
        """
        return self.typeset_fitting(template, [data], pieces=pieces, produced_at=produced_at, fits=_always)

    def typeset_fitting(
        self,
        template: Path,
        attempts: Iterable[Mapping[str, Any]],
        *,
        pieces: Iterable[Piece],
        produced_at: datetime,
        fits: Callable[[list[Any]], bool],
    ) -> bytes:
        """As `typeset`, with the first of several variants of the data whose probes satisfy `fits`.

        A template lays probes as `#metadata(value) <probe>`; `fits` gets their values. When no variant fits,
        the first one is used.
        """
        job = {
            **self._fonts,
            "template": str(template),
            "pieces": list(pieces),
            "produced_at": produced_at.isoformat(),
            "probed": fits is not _always,
        }
        first: bytes | None = None
        for data in attempts:
            answer = self._presses.ask(Message(job, json.dumps(data, ensure_ascii=False).encode()))
            pdf, probes = _pages(answer)
            if fits(probes):
                return pdf
            first = first or pdf
            # All variants say the same; the first one was checked.
            job["pieces"] = []
        if first is None:
            raise ValueError("no variant of the data was given")
        return first


@lru_cache(maxsize=8)
def typesetter(settings: FontSettings) -> Typesetter:
    """The one typesetter of those settings in this process; it costs nothing until it sets something."""
    return Typesetter(settings)


@cache
def _presses() -> Presses:
    """Those of this process, whatever fonts are asked for."""
    presses = Presses()
    atexit.register(presses.stop)
    return presses


def _pages(answer: Message) -> tuple[bytes, list[Any]]:
    told = answer.head
    match told["outcome"]:
        case "set":
            return answer.content, told["probes"]
        case "refused":
            raise Problem(**told["problem"])
        case "fonts_unusable":
            raise FontConfigurationError(told["reason"])
        case _:
            raise TypesettingFault(told["reason"])


def _always(_probes: list[Any]) -> bool:
    return True
