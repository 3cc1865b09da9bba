"""How much of a stranger's file is unpacked, read and looked at, stated once, so that a small file costs little."""

from typing import Final

MEGABYTE: Final = 1024 * 1024

# Zip packages. Office XML packs to about a twentieth; what packs a hundredfold and is large was made to hurt.
MOST_PARTS: Final = 5000
LARGEST_TOTAL: Final = 200 * MEGABYTE
LARGEST_PART: Final = 50 * MEGABYTE
HIGHEST_RATIO: Final = 100
RATIO_COUNTS_FROM: Final = 4 * MEGABYTE

# Where a secrecy mark is looked for: paragraphs or rows of each part, filled cells, the parts that may belong to the
# first page, and how far into one line. A standard page holds 616 characters, so no mark stands behind a thousand.
MOST_LINES: Final = 60
MOST_CELLS: Final = 10_000
MOST_FIRST_PARTS: Final = 200
LONGEST_LINE: Final = 1000

# What becomes a draft.
LONGEST_TEXT: Final = 300_000
MOST_PAGES: Final = 1000

# A figure that a file states, such as where a list begins or which shared text a cell shows; a number that Word sets.
MOST_DIGITS: Final = 9
LONGEST_NUMBER: Final = 100

# Processor time for one file, whatever in it is to blame. A PDF of 350 KB with 168 full pages takes about four.
SECONDS: Final = 3.0
SECONDS_PER_MEGABYTE: Final = 40.0
MOST_SECONDS: Final = 60.0


def seconds_for(size: int) -> float:
    """How long a file of so many bytes may keep a processor."""
    return min(MOST_SECONDS, SECONDS + SECONDS_PER_MEGABYTE * size / MEGABYTE)


def largest_stream(size: int) -> int:
    """To how many bytes one stream of a PDF of so many bytes may unpack."""
    return min(LARGEST_PART, max(RATIO_COUNTS_FROM, HIGHEST_RATIO * size))
