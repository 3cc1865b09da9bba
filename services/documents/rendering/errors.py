"""What keeps an official document from being set, one function each."""

from shared.errors import Problem, invalid


def seals_and_signatories_differ(seals: int, signatories: int) -> Problem:
    """Every seal presses one signature (GB/T 9704-2012 §7.3.5.1), so there must be as many (422)."""
    message = f"印章 {seals} 枚，发文机关署名 {signatories} 个；每个署名应有一枚印章，或者都不加盖"
    return invalid(
        "documents.seals_and_signatories_differ", "印章与署名不一致", message, errors={"seals": [message]}
    )


def unreadable_seal() -> Problem:
    """The image given as a seal is not a PNG, or far too large (422)."""
    message = "印章应为不超过 2 MB 的 PNG 图片，请重新上传"
    return invalid("documents.unreadable_seal", "印章图片无法使用", message, errors={"seals": [message]})


def element_missing(field: str, name: str) -> Problem:
    """An element without which there is no page to set (422)."""
    message = f"缺少{name}，不能排版"
    return invalid("documents.element_missing", "公文要素不全", message, errors={field: [message]})
