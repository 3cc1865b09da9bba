"""The acts of a process history in the words of the standard: which 业务行为 each act was."""

from collections.abc import Mapping

from shared.events.dossier import Act, Direction, Dossier

FILING = "归档"

# GB/T 18894-2016 names these activities; sealing, circulating, reminding and replying do not happen to
# every document. It names none for meetings, tasks and cases: their history has to be there, whatever is in it.
REQUIRED_ACTIVITIES: Mapping[Direction, tuple[str, ...]] = {
    Direction.DISPATCH: ("起草", "审核", "签发", "复核", "登记", "核发"),
    Direction.INCOMING: ("签收", "登记", "初审"),
    Direction.MEETING: (),
    Direction.TASK: (),
    Direction.CASE: (),
}

# What offices call their steps, brought to the words of the standard. A step that is not listed keeps its
# own name.
_ACTIVITY_BY_STEP = {
    "拟稿": "起草",
    "核稿": "审核",
    "审稿": "审核",
    "审批": "签发",
    "登记编号": "登记",
    "编号": "登记",
    "盖章": "用印",
    "待发": "核发",
    "印发": "核发",
    "分发": "核发",
    "发出": "核发",
    "待签收": "签收",
    "收文登记": "登记",
    "收文初审": "初审",
    "办理": "承办",
    "主办": "承办",
    "协办": "承办",
    "分送": "传阅",
    "阅知": "传阅",
    "回复": "答复",
}

# Acts that do something else than finish their step, and what they are called.
_ACTIVITY_BY_VERB = {
    "add_signer": "加签",
    "answer": "传阅",
    "cancel": "撤销",
    "circulate": "传阅",
    "delegate": "委托",
    "give_word": "加签",
    "mark_read": "传阅",
    "read": "传阅",
    "recall": "撤回",
    "remind": "催办",
    "return": "退回",
    "stop": "终止",
    "transfer": "转办",
    "withdraw": "撤回",
}
# What finishes a step where the act names none.
_ACTIVITY_WITHOUT_STEP = {
    "create": "起草",
    "start": "发起",
    "issue": "核发",
    "sign_for": "签收",
    "close": "办结",
}


def activity_of(act: Act) -> str:
    """The 业务行为 of an act: by its verb when it did not finish the step, otherwise by the step's name."""
    if by_verb := _ACTIVITY_BY_VERB.get(act.verb):
        return by_verb
    if act.step is None:
        return _ACTIVITY_WITHOUT_STEP.get(act.verb, act.verb)
    return _ACTIVITY_BY_STEP.get(act.step, act.step)


def missing_activities(dossier: Dossier) -> tuple[str, ...]:
    """The activities that the standard expects of such a document and that its history does not show."""
    done = {activity_of(act) for act in dossier.acts}
    return tuple(name for name in REQUIRED_ACTIVITIES[dossier.direction] if name not in done)
