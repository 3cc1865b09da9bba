"""The main job in embedded mode, told by the commands that a newcomer types: `make demo ONCE=1` and its likes."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.demo.municipality import PASSWORD_FILE
from deploy.demo.story import PEOPLE, SAMPLE
from shared.runtime.ports import choose_free_ports
from tests.support.office_files import pdf_file, scanned_pdf, word_file
from tests.support.processes import RunningProgram

pytestmark = pytest.mark.timeout(400)

DEMO = ["python", "-m", "shared.cli", "demo"]
HELD = "全部检查通过"
TITLE = "2026年档案工作要点"
PARAGRAPHS = ["为做好全年档案工作，现提出如下要点。", "一、完善制度", "各单位要明确责任人员，按时移交。"]


@dataclass(frozen=True)
class Home:
    """A person's checkout that has run the demo once: its folder, what was printed, and its passwords then."""

    folder: Path
    environment: dict[str, str]
    printed: str
    passwords: str


@pytest.fixture(scope="module")
def home(session_dir: Path) -> Home:
    """`yiwang demo --once` where nothing was before."""
    folder, [port] = session_dir / "newcomer", choose_free_ports(1)
    environment = {
        "YIWANG_HOME": str(folder),
        "YIWANG_HTTP_PORT": str(port),
        "YIWANG_DATABASE_URL": "",
        "YIWANG_AMQP_URL": "memory://",
    }
    with RunningProgram([*DEMO, "--once"], session_dir / "once.log", environment=environment) as program:
        assert program.wait(240) == 0, program.output
        return Home(folder, environment, program.output, (folder / PASSWORD_FILE).read_text())


@pytest.fixture(scope="module")
def serving(home: Home, session_dir: Path) -> Iterator[RunningProgram]:
    """`yiwang demo --file notice.txt` in the same home: it continues, and keeps serving after its story."""
    text = session_dir / "要点.txt"
    text.write_text("\n".join([TITLE, "", *PARAGRAPHS]), encoding="gb18030")
    log = session_dir / "serving.log"
    with RunningProgram([*DEMO, "--file", str(text)], log, environment=home.environment) as program:
        program.wait_for_line("继续提供服务", 180)
        yield program
        assert program.stop(within=60) == 0


def tell(home: Home, source: Path, log: Path) -> tuple[int, str]:
    """The story once more against the suite that is serving; exit code and what was printed."""
    url = f"http://127.0.0.1:{home.environment['YIWANG_HTTP_PORT']}"
    command = [*DEMO, "--url", url, "--file", str(source)]
    with RunningProgram(command, log, environment=home.environment) as program:
        return program.wait(180), program.output


def test_the_first_run_holds_and_leaves_what_it_says(home: Home) -> None:
    assert HELD in home.printed
    assert "〔2026〕1号" in home.printed.replace("〔2027〕", "〔2026〕")
    [pdf] = (home.folder / "demo").glob("*.pdf")
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert len(home.passwords.splitlines()) > 300


def test_passwords_are_printed_once_and_only_ones_own_to_read(home: Home, serving: RunningProgram) -> None:
    passwords = dict(line.split("\t") for line in home.passwords.splitlines())
    shown = {name for name, password in passwords.items() if password in home.printed}
    assert shown == set(PEOPLE)
    assert [password for password in passwords.values() if password in serving.output] == []
    logged = (home.folder / "demo.log").read_text(encoding="utf-8")
    assert [password for password in passwords.values() if password in logged] == []
    for name in (PASSWORD_FILE, "demo.log", "blobs"):
        assert (home.folder / name).stat().st_mode & 0o077 == 0
    assert home.folder.stat().st_mode & 0o066 == 0


def test_a_second_run_continues_where_the_first_ended(home: Home, serving: RunningProgram) -> None:
    assert HELD in serving.output
    assert "〕2号" in serving.output
    assert TITLE in serving.output
    assert (home.folder / PASSWORD_FILE).read_text() == home.passwords


@pytest.mark.parametrize(
    ("name", "content"),
    [("要点.docx", word_file(PARAGRAPHS, title=TITLE)), ("要点.pdf", pdf_file(TITLE, *PARAGRAPHS))],
    ids=["docx", "pdf"],
)
def test_a_persons_own_file_becomes_the_document(
    home: Home, serving: RunningProgram, tmp_path: Path, name: str, content: bytes
) -> None:
    source = tmp_path / name
    source.write_bytes(content)
    code, printed = tell(home, source, tmp_path / "log")
    assert (code, HELD in printed, "档案工作要点" in printed) == (0, True, True), printed


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("scan.pdf", scanned_pdf(), "文字"),
        ("broken.pdf", b"%PDF-1.7\nno pdf at all", "PDF"),
        ("program.docx", b"MZ\x90\0" + b"\0" * 300, "内容却是exe"),
        ("empty.txt", b"", "空"),
        ("secret.txt", "机密★5年\n关于某事的通知\n正文。".encode(), "机密"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)
def test_a_file_that_cannot_be_used_ends_with_one_clear_line(
    home: Home, serving: RunningProgram, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    source = tmp_path / name
    source.write_bytes(content)
    code, printed = tell(home, source, tmp_path / "log")
    assert code == 1
    [refused] = [line for line in printed.splitlines() if line.startswith("✗")]
    assert said in refused
    assert "Traceback" not in printed


def test_a_missing_file_is_refused_before_anything_starts(home: Home, tmp_path: Path) -> None:
    code, printed = tell(home, tmp_path / "nothing.txt", tmp_path / "log")
    assert code == 2
    assert "nothing.txt" in printed


def test_the_shipped_document_is_the_usual_one() -> None:
    assert SAMPLE.is_file()
