"""Who may import whom. Control and chatd never meet, `common` knows neither, decisions know no wires and no clock."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# Whose files, what they must not import, and why.
RULES = [
    ("control", {"chatd"}, "control and chatd are two programs"),
    ("chatd", {"control"}, "control and chatd are two programs"),
    ("common", {"control", "chatd"}, "common serves both programs and knows neither"),
    ("common", {"deploy", "tests"}, "programs know nothing of how they are started"),
    ("control", {"deploy", "tests"}, "programs know nothing of how they are started"),
    ("chatd", {"deploy", "tests"}, "programs know nothing of how they are started"),
    ("deploy", {"tests"}, "programs know nothing of how they are tested"),
    (
        "chatd/core",
        {
            "trio",
            "trio_asyncio",
            "trio_websocket",
            "asyncio",
            "time",
            "datetime",
            "os",
            "socket",
            "threading",
            "random",
        },
        "decisions know no wires, no clock and no environment",
    ),
    *(
        (part, {"trio_asyncio", "asyncio"}, "only common/aio.py crosses between Trio and asyncio")
        for part in ("common", "chatd", "control")
    ),
]
EXCEPTIONS = {("common/aio.py", "trio_asyncio"), ("common/aio.py", "asyncio")}


def imports(source: str, package: str) -> Iterator[tuple[int, str]]:
    """The line and full name of every import, wherever it stands; `package` is what relative ones are relative to."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import():
                yield from ((node.lineno, each.name) for each in node.names)
            case ast.ImportFrom(module=module, level=level):
                parts = package.split(".")[: len(package.split(".")) - level + 1] if level else []
                base = ".".join([*parts, *([module] if module else [])])
                yield from ((node.lineno, f"{base}.{each.name}") for each in node.names)


def offences(folder: str, forbidden: set[str], why: str) -> Iterator[str]:
    for path in sorted((ROOT / folder).rglob("*.py")):
        file = path.relative_to(ROOT)
        for line, name in imports(path.read_text("utf-8"), ".".join(file.parent.parts)):
            top = name.partition(".")[0]
            if top in forbidden and (file.as_posix(), top) not in EXCEPTIONS:
                yield f"{file}:{line}: imports {name}: {why}"


@pytest.mark.parametrize(
    ("folder", "forbidden", "why"), RULES, ids=[f"{rule[0]}: {rule[2]}" for rule in RULES]
)
def test_nobody_imports_what_it_must_not_know(folder: str, forbidden: set[str], why: str) -> None:
    assert not list(offences(folder, forbidden, why))


def test_an_offence_is_found_wherever_it_stands() -> None:
    source = """
import os.path
def late():
    from trio import sleep
if TYPE_CHECKING:
    from . import neighbour
    from ..presence.news import rooms_in
"""
    assert list(imports(source, "chatd.core")) == [
        (2, "os.path"),
        (4, "trio.sleep"),
        (6, "chatd.core.neighbour"),
        (7, "chatd.presence.news.rooms_in"),
    ]
    assert [rule for rule in RULES if not list((ROOT / rule[0]).rglob("*.py"))] == []
