"""Wordings by which a text shows what it asks, as tables.

They are signs and not proofs: whoever reviews may overrule them.
"""

import re
from collections.abc import Iterable

# How a request closes as a whole (请示 only).
REQUEST_CLOSINGS = (
    r"[妥当可]否[,，]?[^。]{0,12}[请盼]?[^。]{0,4}(?:批示|批复|批准|审批|指示|审示)",
    r"是否[妥可][,，]?[^。]{0,6}请[^。]{0,6}(?:批示|批复|批准|审批|指示)",
    r"以上(?:请示|意见|事项)?[^。]{0,6}[,，]?请(?:予|求)?[^。]{0,4}(?:批示|批复|批准|审批|指示)",
    r"(?:特此|现)请示",
)
# How a paragraph ends that asks for a decision.
REQUEST_ENDINGS = (r"请(?:予以?|求)?(?:审批|批准|批复|批示)(?:为盼)?[。！]?$",)
# Where a report asks in its midst.
REQUESTS = (
    r"(?:恳请|恳求|提请|请求|请予以?)[^。]{0,30}(?:批准|审批|批复|批示|同意|解决|支持|拨付|安排|核拨)",
    r"需(?:要)?请示的?(?:事项|问题)",
)
# A subordinate's request that is passed on.
FORWARDED_REQUESTS = (
    r"(?:现将|兹将)[^。]{0,40}(?:请示|请求)[^。]{0,20}(?:转报|呈报|上报|转呈)",
    r"转报[^。]{0,30}请示",
)
# The forwarding office's own view.
OWN_OPINIONS = (
    r"(?:经研究|经审核|经审查|经核|我(?:市|县|区|局|委|办|厅|省|镇|乡|府|单位))[^。]{0,30}(?:同意|不同意|认为|建议|拟|支持)",
    r"(?:拟同意|建议同意|原则同意|拟不同意|倾向性?意见|我们(?:认为|建议|意见))",
)
# What only those who lead may say.
INSTRUCTIONS = (
    r"(?:请|望)?(?:认真|严格|切实|坚决)?(?:遵照|贯彻|组织|抓好|落实)[^。]{0,6}(?:执行|落实|实施)",
    r"(?:必须|务必|不得|严禁)[^。]{2,}",
)
# That a government has agreed, as the text must say.
GOVERNMENT_CONSENT = (
    r"(?:经|已经|报经|业经)[^。]{0,16}(?:人民政府|[省市县区镇乡]政府|[党市县区省]委)[^。]{0,8}(?:同意|批准|授权|审定)",
)
# Several matters in one title.
SEVERAL_MATTERS = (
    r"(?:等|两|三|四|五|六|七|八|九|十|几|多)(?:个|项|件)?(?:问题|事项|事宜|请求)",
    r"(?:事项|问题|资金|经费)[和及与、][^的]{2,}(?:事项|问题|资金|经费)",
)

Phrases = tuple[str, ...]
_COMPILED: dict[Phrases, re.Pattern[str]] = {}


def find_phrase(paragraphs: Iterable[str], phrases: Phrases) -> str:
    """The first wording of the table that a paragraph holds, or an empty text."""
    return next(iter(find_phrases(paragraphs, phrases)), "")


def find_phrases(paragraphs: Iterable[str], phrases: Phrases) -> list[str]:
    """Every wording of the table, at most one from each paragraph, as it stands there."""
    pattern = _COMPILED.setdefault(phrases, re.compile("|".join(f"(?:{phrase})" for phrase in phrases)))
    return [match[0] for paragraph in paragraphs if (match := pattern.search("".join(paragraph.split())))]
