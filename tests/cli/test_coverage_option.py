"""`kprules test --coverage`: the report, the threshold and the exit codes."""

import json
from pathlib import Path

from running import Run


def test_coverage_names_what_no_case_shows(kprules: Run) -> None:
    """The report names clauses, says what they want, and ends with the share."""
    ended = kprules("test", "--coverage", "--only", "west-2022")
    assert ended.code == 0
    assert "No case shows" in ended.out
    assert "west-2022.directness = direct_or_indirect: false or unknown" in ended.out
    assert "seen true, false, unknown or decisive" in ended.out.splitlines()[-1]
    assert "coverage" not in kprules("test", "--only", "west-2022").out


def test_the_threshold_decides_the_exit_code(kprules: Run) -> None:
    """Coverage below it fails; it asks for coverage by itself; it is a percentage."""
    data = json.loads(kprules("test", "--coverage", "--format", "json").out)["coverage"]
    assert data["seen"] < data["possible"]
    assert kprules("test", "--threshold", str(data["percent"])).code == 0
    assert kprules("test", "--threshold", str(data["percent"] + 1)).code == 1
    assert kprules("test", "--threshold", "101").code == 2


def test_the_library_is_covered_with_the_cases_made_up_for_it(whole: Run, root: Path) -> None:
    """What ships reaches 100 % with the made-up cases, and the report counts those apart."""
    made_up = root / "tests" / "library" / "synthetic"
    ended = whole("test", "--threshold", "100", "--cases", str(made_up))
    assert ended.code == 0
    assert "by made-up cases only" in ended.out.splitlines()[-1]
    assert "No case shows" not in ended.out
