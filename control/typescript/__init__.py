"""The wire as TypeScript, for the web app: types and tables made of the very documents that are served.

`python -m control.typescript` writes `control/web/src/wire/`; a test fails while what is committed differs. So whoever changes
a Struct, an operation or an error sees at once, by the compiler, which line of the web app speaks of it.

What is only a type costs the app's bundle nothing. What is a value is in files of its own, so that a page loads what it uses:
sentences by language, say.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from common import asyncapi
from control import VERSION, openapi
from control.app import TABLES
from control.identity.routes import outbox_operations
from control.typescript import http, socket, words

FOLDER: Final = Path(__file__).parent.parent / "web" / "src" / "wire"
_HEAD: Final = "// Made by `python -m control.typescript`; not to be edited.\n\n"


def files() -> dict[str, str]:
    """Every file by its name. No address of any server is in them."""
    over_http = openapi.document((*TABLES, outbox_operations), server="/")
    over_socket = asyncapi.document(server="https://madang.example", version=VERSION)
    made = {
        "http.ts": http.module(over_http),
        "socket.ts": socket.module(over_socket),
        "limits.ts": socket.limits_module(over_socket),
        "codes.ts": words.codes_module(over_http["x-errors"]),
        **{f"errors.{language}.ts": words.errors_module(language) for language in ("en", "ko")},
        **{f"rooms.{language}.ts": words.rooms_module(language) for language in ("en", "ko")},
    }
    return {name: _HEAD + text for name, text in made.items()}
