"""The chart of the table: for each figure that somebody else has, too, a bar of ours and a bar of each of theirs.

An SVG that needs nothing else: it follows the reader's light or dark, says every value in words beside its bar, and tells
ours from theirs by the weight of its text as well as by colour. Bars of one figure share a scale, which begins at 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final
from xml.sax.saxutils import escape

from tests.bench.goals import Line
from tests.bench.harness import number

WIDTH: Final = 760
NAMES: Final = 190  # the left edge of the bars
BARS: Final = 400  # the longest
ROW: Final = 24
HEAD: Final = 46
MARGIN: Final = 16
OWN: Final = "sweeps"  # ours beside ours
STYLE: Final = """
  svg { color-scheme: light dark; font: 13px system-ui, sans-serif; }
  .page { fill: #ffffff; } .said { fill: #1d2330; } .quiet { fill: #565f6f; }
  .ours { fill: #1f6feb; } .theirs { fill: #8c959f; } .name { font-weight: 400; } .own { font-weight: 700; }
  .title { font-size: 18px; font-weight: 700; } .head { font-weight: 600; font-size: 14px; }
  @media (prefers-color-scheme: dark) {
    .page { fill: #11151c; } .said { fill: #e6eaf1; } .quiet { fill: #9aa5b5; }
    .ours { fill: #58a6ff; } .theirs { fill: #6e7885; }
  }
"""

Bar = tuple[str, float]  # whose, and how much


def panels(lines: Iterable[Line]) -> dict[tuple[str, str], list[Bar]]:
    """The bars by their figure and its unit, ours first. What only we did, at another size, is no comparison."""
    found: dict[tuple[str, str], list[Bar]] = {}
    for line in lines:
        if line.bench == OWN or line.ours is None or line.theirs is None or line.peer is None:
            continue
        bars = found.setdefault((f"{line.bench}: {line.words}", line.unit), [("Madang", line.ours)])
        bars.append((line.peer, line.theirs))
    return found


def svg(lines: Sequence[Line], title: str) -> str:
    """The chart as a file's text."""
    top, parts, said = MARGIN + 36, [], []
    for (words, unit), bars in panels(lines).items():
        better = "more" if unit.endswith("/s") else "less"
        parts.append(_text(MARGIN, top + 20, f"{words}, {unit} ({better} is better)", "said head"))
        longest = max(value for _, value in bars) or 1.0
        for row, (name, value) in enumerate(bars):
            parts += _bar(top + HEAD - 18 + row * ROW, name, value, value / longest * BARS, ours=row == 0)
        said.append(
            f"{words}: " + ", ".join(f"{name} {number(value)} {unit}".strip() for name, value in bars)
        )
        top += HEAD + len(bars) * ROW
    height = top + MARGIN
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title desc" width="{WIDTH}" '
            f'height="{height}" viewBox="0 0 {WIDTH} {height}">',
            f'<title id="title">{escape(title)}</title>',
            f'<desc id="desc">{escape(". ".join(said))}</desc>',
            f"<style>{STYLE}</style>",
            f'<rect class="page" width="{WIDTH}" height="{height}"/>',
            _text(MARGIN, MARGIN + 20, title, "said title"),
            *parts,
            "</svg>\n",
        ]
    )


def _bar(top: int, name: str, value: float, length: float, *, ours: bool) -> list[str]:
    kind = "ours" if ours else "theirs"
    weight = "own" if ours else "name"
    return [
        _text(NAMES - 10, top + 14, name, f"said {weight}", anchor="end"),
        f'<rect class="{kind}" x="{NAMES}" y="{top}" width="{max(length, 1):.1f}" height="{ROW - 6}" rx="3"/>',
        _text(NAMES + round(max(length, 1)) + 8, top + 14, number(value), f"quiet {weight}"),
    ]


def _text(left: int, base: int, words: str, kind: str, *, anchor: str = "start") -> str:
    return f'<text class="{kind}" x="{left}" y="{base}" text-anchor="{anchor}">{escape(words)}</text>'
