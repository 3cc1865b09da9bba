"""The declared figures as the table that stands in the service's README; a test compares the two."""

from services.mobile.domain.figures.declared import FIGURES, Figure, Form

_HEAD = "| 指标 | 代码 | 分子 | 分母 | 计入 | 以何日期归入期间 | 出处 |\n|---|---|---|---|---|---|---|"
_FORMS = {Form.PERCENT: "", Form.DAYS: "（工作日）", Form.COUNT: "（件数）"}


def formula_table() -> str:
    """All figures by section, in Markdown."""
    return "\n".join([_HEAD, *(_line(figure) for figure in FIGURES.values())])


def _line(figure: Figure) -> str:
    top, bottom = figure.words
    name = f"{figure.section}·{figure.name}{_FORMS[figure.form]}"
    cells = (name, f"`{figure.code}`", top, bottom or "—", figure.unit, figure.dated, figure.source)
    return f"| {' | '.join(cells)} |"
