"""What mobile refuses, one function each."""

from shared.errors import Problem, invalid, not_found, too_many


def item_not_found() -> Problem:
    """There is no such item in this person's inbox, now or before (404)."""
    return not_found("mobile.item_not_found", "没有这一事项", "该事项不存在, 或不在您的办理范围内。")


def chain_not_found() -> Problem:
    """There is no such chain, or the person has no part in it (404)."""
    return not_found("mobile.chain_not_found", "没有可查看的办理轨迹", "该事项不存在, 或您未参与其办理。")


def export_too_long(most: int) -> Problem:
    """The list does not fit one spreadsheet (422)."""
    return invalid(
        "mobile.export_too_long", "清单过长", f"一次最多导出 {most} 条, 请按系统、文种或关键词筛选后再导出。"
    )


def too_many_streams(most: int) -> Problem:
    """The person has that many streams open already (429)."""
    return too_many(
        "mobile.too_many_streams",
        "同时打开的页面过多",
        f"每人最多同时接收 {most} 路消息推送, 请关闭其他页面后重试。",
        retry_after=10,
    )


def streams_full() -> Problem:
    """This process serves as many streams as it can beside other requests (429)."""
    return too_many("mobile.streams_full", "消息推送繁忙", "请稍后重试; 列表和计数不受影响。", retry_after=30)


def unit_not_found() -> Problem:
    """There is no such unit among those whose figures this post may see (404)."""
    return not_found("mobile.unit_not_found", "没有这一单位", "该单位不存在, 或不在您可查看指标的范围内。")


def figure_not_found(code: str) -> Problem:
    """There is no figure of that code (404)."""
    return not_found(
        "mobile.figure_not_found", "没有这一指标", f"没有代码为“{code}”的指标, 请从指标列表中选取。"
    )


def period_unclear(field: str, detail: str) -> Problem:
    """The period was asked for in a way that names none (422)."""
    return invalid("mobile.period_unclear", "统计期间不明确", f"{detail}。", errors={field: [detail]})
