"""Progress: after a second, for a person alone, and never on standard output."""

import time
from importlib import import_module
from types import SimpleNamespace

import pytest

from kprules.cli import progress


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let standard error be a terminal, and a second be short; what shows it is at hand."""
    import_module("rich.progress")
    import_module("rich.status")
    terminal = SimpleNamespace(stderr=SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr(progress, "sys", terminal)
    monkeypatch.setattr(progress, "SOON", 0.05)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")


def test_every_item_comes_through_once(capsys: pytest.CaptureFixture[str], person: None) -> None:
    """Before and after progress begins to show."""

    def slowly() -> list[int]:
        made = []
        for number in progress.following(range(30), 30, "counting"):
            time.sleep(0.005)
            made.append(number)
        return made

    assert slowly() == list(range(30))
    assert "counting" in capsys.readouterr().err


def test_what_takes_long_is_shown_to_a_person(
    capsys: pytest.CaptureFixture[str], person: None
) -> None:
    """On standard error; what is quick is not shown."""
    with progress.waiting("reading things"):
        pass
    assert capsys.readouterr().err == ""
    with progress.waiting("reading things"):
        time.sleep(0.4)
    said = capsys.readouterr()
    assert "reading things" in said.err
    assert said.out == ""


def test_nothing_is_shown_to_what_is_no_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipe, a file or a log gets no progress however long it takes."""
    monkeypatch.setattr(progress, "SOON", 0.01)
    with progress.waiting("reading things"):
        time.sleep(0.1)
    assert list(progress.following([1, 2], 2, "counting")) == [1, 2]
    assert capsys.readouterr().err == ""


def test_an_error_inside_comes_out(person: None) -> None:
    """Progress ends and the error is the error."""

    def divide() -> None:
        with progress.waiting("dividing"):
            time.sleep(0.2)
            _ = 1 / 0

    with pytest.raises(ZeroDivisionError):
        divide()
