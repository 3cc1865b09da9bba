"""The columns of the three tables, by the headers that people write."""

from dataclasses import dataclass

from services.identity.domain.directory import Table


@dataclass(frozen=True)
class Column:
    """One column: its header, the field that it fills, and whether every row must fill it."""

    header: str
    field: str
    required: bool = False


# The first column of each table is its key, and tells which table a sheet is.
COLUMNS: dict[Table, tuple[Column, ...]] = {
    Table.UNITS: (
        Column("单位编码", "code", required=True),
        Column("单位名称", "name", required=True),
        Column("简称", "short_name", required=True),
        Column("类别", "kind", required=True),
        Column("层级", "level", required=True),
        Column("上级单位编码", "parent_code"),
        Column("区划代码", "division_code", required=True),
        Column("统一社会信用代码", "credit_code"),
        Column("机关代字", "issuing_codes"),
        Column("全宗号", "fonds_code"),
        Column("排序", "position"),
    ),
    Table.PERSONS: (
        Column("人员编号", "code", required=True),
        Column("姓名", "name", required=True),
        Column("登录名", "login_name", required=True),
    ),
    Table.POSTS: (
        Column("岗位编码", "code", required=True),
        Column("所属单位编码", "unit_code", required=True),
        Column("岗位名称", "title", required=True),
        Column("角色", "roles"),
        Column("任职人员编号", "holder_codes"),
        Column("管理范围", "scope_codes"),
        Column("排序", "position"),
    ),
}
HEADERS: dict[Table, dict[str, Column]] = {
    table: {column.header: column for column in columns} for table, columns in COLUMNS.items()
}
HEADER_OF: dict[Table, dict[str, str]] = {
    table: {column.field: column.header for column in columns} for table, columns in COLUMNS.items()
}


def table_of(headers: list[str]) -> Table | None:
    """Which table these headers begin; None when no table's key is among them."""
    for table, columns in COLUMNS.items():
        if columns[0].header in headers:
            return table
    return None
