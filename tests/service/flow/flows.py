"""The definitions that routing tests run."""

from tests.support.bpmn import line, outcomes, task

COUNTERSIGNERS = 'assign="chosen" work="documents" optional="true"'


def dispatch(rule: str = 'complete="all"', verbs: str = "") -> bytes:
    """draft → review (any holder) → countersign (chosen, optional) → sign (chosen) → register (any holder)."""
    return line(
        task("draft", 'assign="starter" work="documents"', name="起草"),
        task(
            "review",
            f'assign="holders" permission="documents.review" work="documents" limitDays="2" {verbs}',
            name="核稿",
        ),
        task(
            "countersign",
            f"{COUNTERSIGNERS} {rule}",
            name="会签",
            inner=outcomes("agree", "disagree"),
        ),
        task("sign", 'assign="chosen" work="documents"', name="签发"),
        task("register", 'assign="holders" permission="documents.registry" work="documents"', name="登记"),
        variables='<yw:variable name="pages" type="integer" label="页数"/>',
    )
