"""What the terminal chat is started with: arguments, the environment, and what a running `./deploy/up` left to read."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import msgspec

from common.errors import Language

RUN_FILE: Final = Path(".madang") / "run.json"


@dataclass(frozen=True, slots=True)
class Options:
    """Everything that was said at the start. `url` is None when nobody said where Madang is."""

    url: str | None
    sockets: tuple[str, ...]
    email: str | None
    password: str | None
    room: str | None
    language: Language
    colour: bool
    stay: bool


class _Run(msgspec.Struct):
    url: str


def read_options(arguments: Sequence[str], environ: Mapping[str, str]) -> Options:
    """Options from the command line and the environment. Exits with a usage message when they make no sense."""
    parser = argparse.ArgumentParser(
        prog="python -m chatd.client",
        description="Talk in Madang's rooms from a terminal, or from a pipe: each line of input is a message then.",
        epilog="The password may stand in MADANG_PASSWORD; at a terminal, what is missing is asked for.",
    )
    parser.add_argument("--url", help="where Madang is (else MADANG_URL, else the one ./deploy/up runs here)")
    parser.add_argument("--email", help="who you are (else MADANG_EMAIL)")
    parser.add_argument("--password", help="others on this machine can read it: better MADANG_PASSWORD")
    parser.add_argument("--room", help="the room to enter: its code, id or title")
    parser.add_argument(
        "--chatd", action="append", default=[], metavar="WS_URL", help="a replica's socket; repeatable"
    )
    parser.add_argument("--language", choices=("en", "ko"), help="else by LANG")
    parser.add_argument(
        "--stay", action="store_true", help="in a pipe: go on listening when the input has ended"
    )
    given = parser.parse_args(arguments)
    url = given.url or environ.get("MADANG_URL") or _running_url(Path.cwd())
    return Options(
        url=url,
        sockets=tuple(given.chatd) or ((socket_url(url),) if url else ()),
        email=given.email or environ.get("MADANG_EMAIL") or None,
        password=given.password or environ.get("MADANG_PASSWORD") or None,
        room=given.room,
        language=given.language or language_of_machine(environ),
        colour=not environ.get("NO_COLOR"),
        stay=given.stay,
    )


def language_of_machine(environ: Mapping[str, str]) -> Language:
    """Korean where the locale is, by the order of POSIX; English elsewhere."""
    named = next((environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name)), "")
    return "ko" if named.lower().startswith("ko") else "en"


def socket_url(url: str) -> str:
    """Where the sockets are, at Madang's one address."""
    parts = urlsplit(url)
    return urlunsplit(("wss" if parts.scheme == "https" else "ws", parts.netloc, "/socket", "", ""))


def _running_url(folder: Path) -> str | None:
    """The address of the instance that runs from this folder or one above it."""
    for each in (folder, *folder.parents):
        try:
            return msgspec.json.decode((each / RUN_FILE).read_bytes(), type=_Run).url
        except (OSError, msgspec.DecodeError):
            continue
    return None
