"""What was built, held in memory: every file with its media type, its tag and its compressed forms.

Read once, at start. A request is answered by looking a name up, so no path leads anywhere but to what was built.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

BUILT: Final = Path(__file__).parent / "dist"
ENCODINGS: Final = {"br": ".br", "gzip": ".gz"}  # the better one first
_INDEX: Final = "/index.html"
_HASHED: Final = "/assets/"  # these have the hash of what is in them in their names
_MEDIA_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}


@dataclass(frozen=True, slots=True)
class File:
    """One file. `compressed` holds its other forms by their content coding (RFC 9110 §8.4.1), the better one first."""

    body: bytes
    media_type: str
    tag: str
    is_hashed: bool  # another content would have another name
    compressed: Mapping[str, bytes]

    def form(self, accepted: str) -> tuple[str | None, bytes]:
        """The coding and the bytes for somebody who sends this Accept-Encoding."""
        wanted = dict(_weighed(accepted))
        for coding, body in self.compressed.items():
            if wanted.get(coding, wanted.get("*", 0.0)) > 0:
                return coding, body
        return None, self.body


@dataclass(frozen=True, slots=True)
class Site:
    """The whole app. `files` are by path, as `/assets/app-1a2b3c.js`."""

    index: File
    files: Mapping[str, File]


def read_site(folder: Path) -> Site | None:
    """What lies in `folder`; None when nothing was built there."""
    names = {f"/{path.relative_to(folder).as_posix()}": path for path in folder.rglob("*") if path.is_file()}
    files = {name: _file(name, path) for name, path in names.items() if path.suffix in _MEDIA_TYPES}
    index = files.pop(_INDEX, None)
    return None if index is None else Site(index, files)


def _file(name: str, path: Path) -> File:
    body = path.read_bytes()
    siblings = {coding: path.with_name(path.name + ending) for coding, ending in ENCODINGS.items()}
    return File(
        body=body,
        media_type=_MEDIA_TYPES[path.suffix],
        tag=f'W/"{hashlib.sha256(body).hexdigest()[:20]}"',
        is_hashed=name.startswith(_HASHED),
        compressed={coding: each.read_bytes() for coding, each in siblings.items() if each.is_file()},
    )


def _weighed(accepted: str) -> Iterator[tuple[str, float]]:
    """The codings of an Accept-Encoding and how much each is wanted (RFC 9110 §12.5.3); a weight that is none is 0."""
    for word in accepted.lower().split(","):
        coding, _, parameter = word.partition(";")
        weight = parameter.strip().removeprefix("q=")
        try:
            yield coding.strip(), float(weight) if parameter else 1.0
        except ValueError:
            yield coding.strip(), 0.0
