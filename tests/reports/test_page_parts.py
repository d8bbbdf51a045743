"""The page without one of its parts: no pictures, another kind of record, one definition."""

import subprocess
import sys
from pathlib import Path

import pytest
from page_parts import report

from kprules.cli.main import run
from kprules.reports import order_pictures


def test_without_the_library_for_pictures_the_order_is_told_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The relations stand there as sentences, unfolded."""

    def missing(*_: object, **__: object) -> str:
        raise order_pictures.MissingExtraError("no igraph")

    monkeypatch.setattr(order_pictures, "svg", missing)
    page = report(tmp_path, "--only", "kpcs-core-2002,west-2022,eu-2023")
    shown = page[page.index('id="order"') : page.index('id="changes"')]
    assert "<svg" not in shown
    assert "<details open><summary>The same in words" in shown
    assert "<li>kpcs-core-2002 is narrower than west-2022</li>" in shown


def test_meetings_have_a_page_too(tmp_path: Path) -> None:
    """Another kind of record: no countries to filter by, its own outcome word, its own noun."""
    page = report(tmp_path, "--about", "meeting")
    assert "Which meetings does each wording capture?" in page
    assert 'id="filter-country"' not in page
    assert "<i>adopted</i>" in page


def test_one_definition_needs_no_order_and_no_differences(tmp_path: Path) -> None:
    """What takes two is left out, and no link leads to it."""
    page = report(tmp_path, "--only", "kpcs-core-2002", "--focus", "ang-unita-1992-2002")
    assert 'id="changes"' not in page
    assert "#order" not in page
    assert "At first sight: UNITA in Angola" in page


def test_a_focus_that_is_not_there_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the nearest name; nothing is written."""
    monkeypatch.chdir(tmp_path)
    assert run(["report", "--focus", "rus-ukr-2222", "-o", "page.html"]) == 2
    assert "did you mean `rus-ukr-2022`?" in capsys.readouterr().err
    assert not (tmp_path / "page.html").exists()


def test_what_fills_templates_is_imported_by_this_command_alone() -> None:
    """Another command leaves Jinja where it is."""
    code = (
        "import sys; from kprules.cli.main import run; run(['list']); "
        "print('jinja2' in sys.modules)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert ended.stdout.strip().endswith("False")
