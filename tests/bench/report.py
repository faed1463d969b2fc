"""What came of the benchmarks, as a table for a terminal and as a page of Markdown with machine facts and versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from tests.bench.goals import Line
from tests.bench.harness import number

HEAD: Final = ("benchmark", "what", "unit", "ours", "beside", "theirs", "ratio", "goal", "reached")
TEXTS: Final = 3  # columns on the left that are words


def cells(line: Line) -> tuple[str, ...]:
    """The row's cells, in the order of `HEAD`."""
    if line.fault is not None:
        return (line.bench, line.words, "", "–", line.peer or "", "–", "–", "", line.fault)
    ratio = "–" if line.ratio is None else f"× {number(line.ratio)}"
    return (
        line.bench,
        line.words,
        line.unit,
        "–" if line.ours is None else number(line.ours),
        line.peer or "",
        "–" if line.theirs is None else number(line.theirs),
        ratio,
        "" if line.goal is None else str(line.goal),
        {True: "yes", False: "NO", None: ""}[line.met],
    )


def table(lines: Sequence[Line]) -> str:
    """For a terminal."""
    rows = [HEAD, *(cells(line) for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD) - 1)]
    return "\n".join(
        "  ".join(
            [
                *(
                    cell.ljust(width)
                    if column < TEXTS or column == HEAD.index("beside")
                    else cell.rjust(width)
                    for column, (cell, width) in enumerate(zip(row, widths, strict=False))
                ),
                row[-1],
            ]
        ).rstrip()
        for row in rows
    )


def verdict(lines: Sequence[Line]) -> str:
    """One sentence over all goals."""
    judged = [line for line in lines if line.met is not None]
    missed = [
        f"{line.bench}: {line.words}" + (f" ({line.peer})" if line.peer else "")
        for line in judged
        if not line.met
    ]
    failed = list(dict.fromkeys(line.bench for line in lines if line.fault is not None))
    said = [f"{len(judged) - len(missed)} of {len(judged)} goals reached"]
    if missed:
        said.append("not reached: " + "; ".join(missed))
    if failed:
        said.append("with faults: " + ", ".join(failed))
    return ". ".join(said) + "."


def markdown(lines: Sequence[Line], facts: Mapping[str, str], commands: Mapping[str, str], chart: str) -> str:
    """The page. `commands` tells, by benchmark, how each was run; `chart` is the picture's file beside it."""
    rows = ["| " + " | ".join(HEAD) + " |", "|---|---|---|--:|---|--:|--:|--:|---|"]
    rows += ["| " + " | ".join(cell.replace("|", "\\|") for cell in cells(line)) + " |" for line in lines]
    return "\n".join(
        [
            "# What Madang does, beside others on the same machine in the same run",
            "",
            verdict(lines),
            "",
            f"![Ours beside theirs, in bars; the table below has the same figures]({chart})",
            "",
            "The ratio is ours ÷ theirs, taken within each run; figures are medians over the runs.",
            "",
            *rows,
            "",
            "## Where and on what",
            "",
            *(f"- {name}: {said}" for name, said in facts.items()),
            "",
            "## How",
            "",
            *(f"- `{command}`" for command in commands.values()),
            "",
        ]
    )
