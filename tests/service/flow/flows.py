"""The definitions that routing tests run."""

from tests.support.bpmn import line, outcomes, task

COUNTERSIGNERS = 'assign="chosen" reach="anywhere" work="documents" optional="true"'


def dispatch(rule: str = 'complete="all"', verbs: str = "") -> bytes:
    """draft → review (any holder) → countersign (chosen, optional) → sign (chosen) → register (any holder)."""
    return line(
        task("draft", 'assign="starter" work="documents"', name="起草"),
        task(
            "review",
            'assign="holders" permission="documents.review" reach="superior" work="documents"'
            f' limitDays="2" asks="pages" {verbs}',
            name="核稿",
        ),
        task(
            "countersign",
            f"{COUNTERSIGNERS} {rule}",
            name="会签",
            inner=outcomes("agree", "disagree"),
        ),
        task("sign", 'assign="chosen" reach="superior" work="documents"', name="签发"),
        task("register", 'assign="holders" permission="documents.registry" work="documents"', name="登记"),
        variables='<yw:variable name="pages" type="integer" label="页数"/>',
    )
