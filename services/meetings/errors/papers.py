"""What is refused about papers and other files."""

from uuid import UUID

from shared.errors import (
    Problem,
    conflict,
    not_found,
    too_large,
    unsupported_type,
)


def file_not_found(file_id: UUID) -> Problem:
    """There is no such file here (404)."""
    return not_found("meetings.file_not_found", "文件不存在", f"没有文件 {file_id}，可能已被移除；请刷新")


def too_many_files(limit: int) -> Problem:
    """There are as many files as there may be (409)."""
    return conflict("meetings.too_many_files", "材料过多", f"至多 {limit} 份材料；请合并后再上传")


def paper_too_large(limit: int) -> Problem:
    """The file is larger than papers may be (413)."""
    return too_large("meetings.paper_too_large", "材料过大", f"单份材料不得超过 {limit} MB；请压缩后再上传")


def paper_type_unknown(name: str) -> Problem:
    """The file is of no type that papers may have (415)."""
    return unsupported_type(
        "meetings.paper_type_unknown",
        "材料格式不支持",
        f"“{name}”不是 PDF、OFD、docx、xlsx、pptx、图片或 UTF-8 文本；请转换后再上传",
    )


def papers_frozen(topic: str, meeting: str) -> Problem:
    """The papers of a topic are those that its frozen agenda was approved with (409)."""
    detail = (
        f"“{meeting}”的议程已经锁定，议题“{topic}”的材料不再增减；确需补充的，"
        "请联系会务人员，由会务人员写明理由作为会议材料上传，报主持人同意；材料有误的，可写明理由撤回议题"
    )
    return conflict("meetings.papers_frozen", "议程已锁定", detail)
