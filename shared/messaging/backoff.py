"""Growing pauses between attempts at something that is away."""

import random
from dataclasses import dataclass


@dataclass
class Backoff:
    """Doubles from `first` to `longest` seconds, with jitter so that not everybody comes back at once."""

    first: float = 0.1
    longest: float = 5.0
    _next: float = 0.0

    def pause(self) -> float:
        """How long to wait this time."""
        self._next = min(self._next * 2 or self.first, self.longest)
        return self._next * random.uniform(0.7, 1.0)

    def reset(self) -> None:
        """It worked; begin anew the next time."""
        self._next = 0.0
