"""All benchmarks, one after the other, in one table with their goals.

    tests/bench/run                 figures to go by: takes about two hours, on a machine that does nothing else
    tests/bench/run --quick         everything in small, in some minutes: whether it works, hardly how fast it is
    tests/bench/run --only fanout sends

Says on stderr what it does. Each benchmark's own report goes into a file of its own; the table is printed and, with machine
facts and versions, written as Markdown beside a chart, all in a new folder below `.madang/bench/`. A benchmark that fails is
a row that says so. The status is 0 when all of them ran, whatever they found.
"""

from __future__ import annotations

import argparse
import json
import shlex
import subprocess
import sys
import time
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Final

from tests.bench import chart, report
from tests.bench.facts import facts
from tests.bench.goals import BENCHES, Bench, Line, Result
from tests.bench.harness import ROOT, say

RESULTS: Final = ROOT / ".madang" / "bench"
HERE: Final = Path(__file__).resolve().parent
WITHIN_S: Final = {True: 20 * 60, False: 2 * 60 * 60}  # by whether it is quick


class Failed(Exception):
    """A benchmark brought no result; the message is one line that says why."""


def command_of(bench: Bench, options: argparse.Namespace) -> list[str]:
    """The words of its command line."""
    words = shlex.split(bench.quick if options.quick else bench.full)
    if bench.name == "fanout" and options.sketch is not None:
        words += ["--peer", "sketch", "--sketch", str(options.sketch)]
    if bench.repeats and options.runs is not None:
        words += ["--runs", str(options.runs)]
    return [str((HERE / f"{bench.name}.py").relative_to(ROOT)), *words]


def run_one(command: Sequence[str], log: Path, within_s: float) -> Result:
    """The benchmark's result; its report goes into `log`, its progress to our stderr. Raises Failed."""
    with log.open("w") as report_of_its_own:
        child = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, stdout=report_of_its_own, stderr=subprocess.PIPE, text=True
        )
        with child:
            last = _follow(child, within_s)
    lines = log.read_text().splitlines()
    if child.returncode:
        raise Failed(f"status {child.returncode}: {last}")
    try:
        result: Result = json.loads(lines[-1] if lines else "")
    except ValueError:
        raise Failed(lines[-1] if lines else "it printed nothing") from None
    return result


def _follow(child: subprocess.Popen[str], within_s: float) -> str:
    """Pass on what it says until it ends; the last of it. It is ended itself when that takes too long, or we are."""
    assert child.stderr is not None
    last, until = "it said nothing", time.monotonic() + within_s
    try:
        for line in child.stderr:
            sys.stderr.write(f"  {line}")
            last = line.strip(" |+-\n") or last  # without the frame of a group of exceptions
            if time.monotonic() > until:
                child.terminate()
                last = f"it took longer than {within_s / 60:.0f} minutes"
    except KeyboardInterrupt:
        child.terminate()
        raise
    return last


def lines_of(bench: Bench, command: Sequence[str], folder: Path, within_s: float) -> list[Line]:
    """Run it: its rows, or the one that says why there are none."""
    try:
        return list(bench.lines(run_one(command, folder / f"{bench.name}.txt", within_s)))
    except Failed as fault:
        return [Line(bench.name, "all of it", fault=f"failed: {fault}")]
    except (KeyError, TypeError, StopIteration, ValueError) as fault:
        return [
            Line(bench.name, "all of it", fault=f"failed: its result lacks what the table shows: {fault!r}")
        ]


def run(options: argparse.Namespace) -> list[Line]:
    """Run all that were asked for, and write what came of them so far after each."""
    folder = new_folder()
    known, lines, commands = facts(), list[Line](), dict[str, str]()
    benches = [bench for bench in BENCHES if not options.only or bench.name in options.only]
    for turn, bench in enumerate(benches, 1):
        command = command_of(bench, options)
        commands[bench.name] = shlex.join([".venv/bin/python", *command])
        say(f"{turn} of {len(benches)}: {commands[bench.name]}")
        began = time.monotonic()
        lines += lines_of(bench, command, folder, WITHIN_S[options.quick])
        say(f"{bench.name} took {time.monotonic() - began:.0f} s")
        write(folder, lines, known, commands)
    print(report.table(lines))
    print(report.verdict(lines))
    print(f"written to {folder.relative_to(ROOT)}/")
    return lines


def new_folder() -> Path:
    """Named by the time, below `RESULTS`."""
    stem = folder = RESULTS / time.strftime("%Y-%m-%d-%H%M%S")
    numbers = count(2)
    while folder.exists():
        folder = stem.with_name(f"{stem.name}-{next(numbers)}")
    folder.mkdir(parents=True)
    return folder


def write(folder: Path, lines: Sequence[Line], known: dict[str, str], commands: dict[str, str]) -> None:
    """The page and the chart."""
    (folder / "chart.svg").write_text(chart.svg(lines, "Madang beside others"))
    (folder / "report.md").write_text(report.markdown(lines, known, commands, "chart.svg"))


def main(words: Sequence[str] | None = None) -> int:
    """Run what the words of the command line ask for; the status."""
    parser = argparse.ArgumentParser(prog="tests/bench/run", description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--quick", action="store_true", help="in small: whether it works, hardly how fast it is"
    )
    names = [bench.name for bench in BENCHES]
    parser.add_argument("--only", nargs="+", choices=names, metavar="NAME", help=f"of {', '.join(names)}")
    parser.add_argument(
        "--runs", type=int, help="of each benchmark that alternates (what each has by itself)"
    )
    parser.add_argument(
        "--sketch", type=Path, metavar="FOLDER", help="where a sketch of chatd lies, to be beside"
    )
    try:
        lines = run(parser.parse_args(words))
    except KeyboardInterrupt:
        return 130
    return int(any(line.fault is not None and line.peer is None for line in lines))


if __name__ == "__main__":
    sys.exit(main())
