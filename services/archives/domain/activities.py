"""The acts of a process history in the words of the standard: which 业务行为 each act was."""

from collections.abc import Mapping

from shared.events.dossier import Act, Direction, Dossier

FILING = "归档"

# GB/T 18894-2016 names these activities; sealing, circulating, reminding and replying do not happen to
# every document.
REQUIRED_ACTIVITIES: Mapping[Direction, tuple[str, ...]] = {
    Direction.DISPATCH: ("起草", "审核", "签发", "复核", "登记", "核发"),
    Direction.INCOMING: ("签收", "登记", "初审"),
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
    "印发": "核发",
    "分发": "核发",
    "发出": "核发",
    "收文登记": "登记",
    "办理": "承办",
    "主办": "承办",
    "协办": "承办",
    "分送": "传阅",
    "阅知": "传阅",
    "回复": "答复",
}

# Acts that do something else than finish their step.
_ACTIVITY_BY_VERB = {
    "return": "退回",
    "withdraw": "撤回",
    "transfer": "转办",
    "add_signer": "加签",
    "delegate": "委托",
    "circulate": "传阅",
    "read": "传阅",
    "remind": "催办",
    "reply": "答复",
    "recall": "撤回",
    "cancel": "撤销",
}


def activity_of(act: Act) -> str:
    """The 业务行为 of an act: by its verb when it did not finish the step, otherwise by the step's name."""
    by_verb = _ACTIVITY_BY_VERB.get(act.verb)
    return by_verb or _ACTIVITY_BY_STEP.get(act.step, act.step)


def missing_activities(dossier: Dossier) -> tuple[str, ...]:
    """The activities that the standard expects of such a document and that its history does not show."""
    done = {activity_of(act) for act in dossier.acts}
    return tuple(name for name in REQUIRED_ACTIVITIES[dossier.direction] if name not in done)
