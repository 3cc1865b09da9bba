"""The verbs that offices need, one file each: `verb(session, actor, clock, *, …) -> Act`; none commits.

Each locks the flow first, so that of two people at once the second meets what the first has done.
"""

from shared.flow.verbs.add_signer import add_signer
from shared.flow.verbs.circulate import answer_reading, circulate, mark_read
from shared.flow.verbs.complete import complete_item
from shared.flow.verbs.read import read_item
from shared.flow.verbs.remind import remind
from shared.flow.verbs.send_back import return_to_step
from shared.flow.verbs.start import describe_subject, start_flow
from shared.flow.verbs.stop import stop_flow
from shared.flow.verbs.transfer import transfer
from shared.flow.verbs.withdraw import withdraw

__all__ = [
    "add_signer",
    "answer_reading",
    "circulate",
    "complete_item",
    "describe_subject",
    "mark_read",
    "read_item",
    "remind",
    "return_to_step",
    "start_flow",
    "stop_flow",
    "transfer",
    "withdraw",
]
