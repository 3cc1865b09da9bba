"""Documents to set, in the town of the tests."""

import io
from datetime import date

from PIL import Image, ImageDraw

from services.documents.rendering import Block, LayoutForm, OfficialLayout
from shared.typesetting import FontSettings

# Only the packaged font, so that a page is the same on every machine.
PACKAGED = FontSettings(use_installed=False)

BODY: tuple[Block, ...] = (
    "为了做好今年的防汛工作，保障人民群众生命财产安全，经市政府同意，现就有关事项通知如下。",
    "一、明确责任",
    "各县（区）人民政府对本行政区域的防汛工作负总责，市直有关部门按照职责分工密切配合，确保责任到岗、到人。",
    "（一）落实值守。汛期实行全天值班，重要情况在三十分钟内报告。",
    "（二）备足物资",
    "1.县级仓库应当在五月底以前完成清点和补充。",
    "（1）清点结果报市应急管理局备案。",
    "特此通知。",
)

DOCUMENT = OfficialLayout(
    mark=("青山市人民政府",),
    number="青政发〔2024〕12号",
    title="青山市人民政府关于做好2024年防汛工作的通知",
    recipients=("各县（区）人民政府", "市政府各部门、各直属机构"),
    body=BODY,
    signatories=("青山市人民政府",),
    issued_on=date(2024, 3, 5),
    copies_to=("市委办公室", "市人大常委会办公室", "市政协办公室"),
    printed_by="青山市人民政府办公室",
    printed_on=date(2024, 3, 6),
)

LETTER = OfficialLayout(
    form=LayoutForm.LETTER,
    mark=("青山市水利局",),
    mark_suffix="",
    number="青水函〔2024〕7号",
    title="青山市水利局关于商请提供雨情数据的函",
    recipients=("青山市气象局",),
    body=BODY,
    signatories=("青山市水利局",),
    issued_on=date(2024, 11, 27),
    copies_to=("市应急管理局",),
)

MINUTES = OfficialLayout(
    form=LayoutForm.MINUTES,
    mark=("青山市人民政府常务会议纪要",),
    mark_suffix="",
    number="〔2024〕5号",
    title="研究防汛工作",
    body=BODY,
    signatories=("青山市人民政府办公室",),
    issued_on=date(2024, 3, 5),
    present=("张三", "李四", "王五", "市水利局赵六", "市应急管理局钱七", "市财政局孙八", "市气象局周九"),
    excused=("吴十",),
    observing=("市政协办公室郑十一",),
    printed_by="青山市人民政府办公室",
    printed_on=date(2024, 3, 6),
)


def text_of(characters: int) -> str:
    """A text of that many characters that breaks nowhere but at the end of a line."""
    return ("天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏" * (characters // 24 + 1))[:characters]


def seal() -> bytes:
    """A blue disc as a seal, so that red stays the mark's and the rule's."""
    image = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((0, 0, 399, 399), fill=(0, 0, 255, 255))
    kept = io.BytesIO()
    image.save(kept, "PNG")
    return kept.getvalue()
