"""The table says what was reached, what was not, and what failed; the chart says the same to everybody."""

from __future__ import annotations

import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.bench import chart, report, suite
from tests.bench.facts import facts
from tests.bench.goals import BENCHES, Bench, Goal, Line, at_least, at_most
from tests.bench.harness import Comparison, Figures, alternate

REACHED = Line("fanout", "saturated", "deliveries/s", 60.0, "nats", 20.0, 3.0, at_least(2))
MISSED = Line("fanout", "saturated", "deliveries/s", 60.0, "a & b", 4.0, 15.0, at_least(30))
BROKEN = Line("storm", "all of it", fault="failed: status 1")
LINES = [REACHED, MISSED, BROKEN]


@pytest.mark.parametrize(
    ("goal", "ours", "theirs", "ratio", "met"),
    [
        (at_least(2), 4.0, 2.0, 2.0, True),
        (at_least(2), 4.0, 2.1, 1.9, False),
        (at_most(1), 4.0, 2.0, 2.0, False),
        (at_most(3, "ours"), 3.0, None, None, True),
        (at_most(30, "difference"), 50.0, 20.0, 2.5, True),
        (at_most(30, "difference"), 50.0, None, None, None),
        (at_least(2), 4.0, None, None, None),
    ],
)
def test_a_goal_is_on_the_ratio_on_ours_or_on_how_much_more_ours_is(
    goal: Goal, ours: float, theirs: float | None, ratio: float | None, met: bool | None
) -> None:
    assert goal.met(ours, theirs, ratio) is met


def test_the_table_names_what_was_missed_and_what_failed() -> None:
    text = report.table(LINES)
    assert len(text.splitlines()) == 1 + len(LINES)
    assert text.splitlines()[2].endswith("NO")
    assert text.splitlines()[3].endswith("failed: status 1")
    said = report.verdict(LINES)
    assert said.startswith("1 of 2 goals reached. not reached: fanout: saturated (a & b).")
    assert said.endswith("with faults: storm.")


def test_the_page_has_every_line_the_machine_and_the_commands() -> None:
    page = report.markdown(LINES, facts(), {"fanout": "python tests/bench/fanout.py"}, "chart.svg")
    assert page.count("| fanout |") == 2
    assert "| storm | all of it |" in page
    assert "nats-server 2." in page
    assert "`python tests/bench/fanout.py`" in page


def test_the_chart_is_well_formed_and_says_its_values_in_words() -> None:
    drawn = ElementTree.fromstring(chart.svg(LINES, "Ours & theirs"))
    space = {"svg": "http://www.w3.org/2000/svg"}
    assert drawn.get("role") == "img"
    assert drawn.findtext("svg:title", namespaces=space) == "Ours & theirs"
    described = drawn.findtext("svg:desc", namespaces=space) or ""
    assert "Madang 60.0 deliveries/s, nats 20.0 deliveries/s, a & b 4.00 deliveries/s" in described
    assert "prefers-color-scheme: dark" in (drawn.findtext("svg:style", namespaces=space) or "")
    bars = [each for each in drawn.iterfind("svg:rect", space) if each.get("class") in {"ours", "theirs"}]
    assert [float(each.get("width") or 0) for each in bars] == [400, 133.3, 26.7]


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ("import sys; sys.exit('out of luck')", "failed: status 1: out of luck"),
        ("print('madang is absent: no PostgreSQL')", "failed: madang is absent: no PostgreSQL"),
        ("pass", "failed: it printed nothing"),
        ("print('{}')", "failed: its result lacks what the table shows: KeyError('figures')"),
    ],
)
def test_a_benchmark_that_fails_is_a_row_that_says_why(program: str, why: str, tmp_path: Path) -> None:
    bench = Bench("any", "", "", lambda result: iter([result["figures"]]))
    (line,) = suite.lines_of(bench, ["-c", program], tmp_path, within_s=30)
    assert (line.bench, line.fault) == ("any", why)


def test_a_peer_that_fails_takes_nobody_with_it() -> None:
    def measure(name: str) -> Figures:
        if name == "broken":
            raise RuntimeError("Traceback\nRefused: the server hung up")
        return {"rate": 1.0}

    comparison = alternate(["ours", "broken", "other"], measure, 3)
    assert comparison == Comparison(
        ["ours", "other"],
        [{"ours": {"rate": 1.0}, "other": {"rate": 1.0}}] * 2,
        {"broken": "Refused: the server hung up"},
    )


def test_every_benchmark_of_the_table_is_there_and_takes_the_words_it_is_given() -> None:
    for bench in BENCHES:
        assert (suite.HERE / f"{bench.name}.py").is_file()
        assert bench.quick


def test_all_are_run_and_what_came_of_them_is_written_though_one_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "good.py").write_text("import sys; print('{\"said\": %d}' % len(sys.argv))")
    (tmp_path / "bad.py").write_text("raise SystemExit('out of luck')")
    benches = [
        Bench("bad", "--small", "", lambda result: iter(())),
        Bench("good", "--small", "", lambda result: iter([Line("good", "words", ours=result["said"])])),
    ]
    for name, value in {
        "BENCHES": benches,
        "HERE": tmp_path,
        "ROOT": tmp_path,
        "RESULTS": tmp_path / "results",
    }.items():
        monkeypatch.setattr(suite, name, value)
    assert suite.main(["--quick", "--runs", "3"]) == 1
    assert suite.main(["--only", "good"]) == 0
    pages = sorted((tmp_path / "results").glob("*/report.md"))
    assert "| bad | all of it |" in pages[0].read_text()
    assert "| good | words |  | 4.00 |" in pages[0].read_text()
    assert "| good | words |  | 1.00 |" in pages[1].read_text()
    assert all((page.parent / "chart.svg").is_file() for page in pages)
    assert "out of luck" in capsys.readouterr().out


def test_one_command_runs_it_from_anywhere() -> None:
    done = subprocess.run([suite.HERE / "run", "--help"], capture_output=True, text=True, cwd="/", check=True)
    assert "--quick" in done.stdout
