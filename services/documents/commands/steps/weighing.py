"""Weighing (重要程度): whoever registers, proposes or instructs says what an incoming document is to this organ.

How long the archives keep what others issued hangs on it (国家档案局令第8号: 属本机关主管业务的重要文件).
"""

from services.documents import errors
from services.documents.commands.soundness import refuse_secret_words
from services.documents.commands.steps.case import StepCase

_WEIGHT = ("importance", "subject_class")


def given_weight(case: StepCase) -> dict[str, str]:
    """What was said of it in this act."""
    return {name: case.request[name] for name in _WEIGHT if case.request.get(name)}


def refuse_weight(case: StepCase) -> None:
    """At any other step, and from whoever was only asked for a word, nothing is said of it."""
    if given := given_weight(case):
        raise errors.no_weight_here(case.item.step_name, fields=list(given))


def note_weight(case: StepCase) -> None:
    """Keep it with the document; what is said later counts."""
    if given := given_weight(case):
        refuse_secret_words(given)
        case.document.elements = {**case.document.elements, **given}
