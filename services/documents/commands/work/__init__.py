"""The verbs of office work on a document: each moves the flow, keeps the history, and does what the step is for."""

from services.documents.commands.work.circulating import answer_copy, circulate_document, open_item, read_copy
from services.documents.commands.work.completing import complete_step
from services.documents.commands.work.going_back import return_item, withdraw_item
from services.documents.commands.work.sharing import add_signers, remind_holder, transfer_item
from services.documents.commands.work.starting import show_anew, start_work, subject_of

__all__ = [
    "add_signers",
    "answer_copy",
    "circulate_document",
    "complete_step",
    "open_item",
    "read_copy",
    "remind_holder",
    "return_item",
    "show_anew",
    "start_work",
    "subject_of",
    "transfer_item",
    "withdraw_item",
]
