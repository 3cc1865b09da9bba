"""Every way in which a file is not taken, one function each."""

from collections.abc import Sequence

from shared.errors import Problem, invalid, too_large, unsupported_type


def file_empty(name: str) -> Problem:
    """The file has no content, or only white space (422)."""
    return _file_refused("file_empty", "文件是空的", f"“{name}”里没有内容，请确认选对了文件")


def file_too_large(name: str, *, size: int, limit: int) -> Problem:
    """The file is over the limit of its type (413)."""
    detail = (
        f"“{name}”有 {_megabytes(size)}，超过上限 {_megabytes(limit)}；请压缩其中的图片，或者拆成几个文件"
    )
    return too_large("documents.file_too_large", "文件太大", detail)


def file_type_refused(name: str, *, found: str, accepted: Sequence[str]) -> Problem:
    """The content is of a type that is not taken here (415)."""
    detail = f"“{name}”的内容是{found}，这里不收；可以收的类型：{'、'.join(accepted)}"
    return unsupported_type("documents.file_type_refused", "不收这种文件", detail)


def file_not_what_it_says(name: str, *, claimed: str, found: str) -> Problem:
    """The name promises one type and the content is another (415)."""
    detail = f"“{name}”按文件名应是{claimed}，内容却是{found}；请用原来的软件重新保存后再上传，不要只改文件名"
    return unsupported_type("documents.file_not_what_it_says", "文件名与内容不符", detail)


def file_damaged(name: str, *, what: str) -> Problem:
    """The file is of the right type, but cannot be read to its end (422)."""
    return _file_refused(
        "file_damaged", "文件已损坏", f"“{name}”不是完整的{what}，无法读取；请重新导出或重新传送一份"
    )


def file_encrypted(name: str) -> Problem:
    """The file asks for a password (422)."""
    return _file_refused(
        "file_encrypted", "文件加了密", f"“{name}”设有密码或权限限制；请去掉密码后另存一份再上传"
    )


def file_has_macros(name: str) -> Problem:
    """The file carries a program (422)."""
    return _file_refused(
        "file_has_macros", "文件含有宏", f"“{name}”里有宏程序；请另存为不含宏的 docx、xlsx 或 pptx"
    )


def file_expands_too_far(name: str) -> Problem:
    """The archive unpacks to far more than a document needs (422)."""
    return _file_refused(
        "file_expands_too_far", "文件解压后过大", f"“{name}”解压后的大小异常，不予打开；请重新导出一份"
    )


def file_too_laborious(name: str) -> Problem:
    """Reading the file takes longer than any document of its size needs (422)."""
    detail = f"“{name}”的内部结构过于复杂，无法在限定时间内读完；请用原来的软件重新导出一份"
    return _file_refused("file_too_laborious", "文件过于复杂", detail)


def file_has_tracked_changes(name: str) -> Problem:
    """Which text is meant is undecided while revisions are open (422)."""
    detail = f"“{name}”里有没有接受的修订；请在 Word 或 WPS 中接受或拒绝全部修订后再上传"
    return _file_refused("file_has_tracked_changes", "文件里还有修订痕迹", detail)


def file_without_text(name: str) -> Problem:
    """The PDF holds pictures of pages and no text (422)."""
    detail = (
        f"“{name}”是扫描件或图片，没有可以读取的文字；请上传由 Word、WPS 等直接导出的 PDF，或者 docx、txt"
    )
    return _file_refused("file_without_text", "读不出文字", detail)


def file_too_long(name: str, *, limit: int) -> Problem:
    """The text is longer than any official document (422)."""
    detail = f"“{name}”超过 {limit} 字，不能作为正文；请把正文以外的材料作为附件上传"
    return _file_refused("file_too_long", "正文太长", detail)


def text_broken(name: str, *, offset: int, line: int) -> Problem:
    """The bytes are neither UTF-8 nor GB18030 text (422)."""
    detail = (
        f"“{name}”第 {line} 行（第 {offset + 1} 个字节）不是有效的 UTF-8 或 GB18030 文字；"
        "请用记事本另存为 UTF-8 后再上传"
    )
    return _file_refused("text_broken", "文字编码有误", detail)


def _file_refused(code: str, title: str, detail: str) -> Problem:
    return invalid(f"documents.{code}", title, detail, errors={"file": [detail]})


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MB"
