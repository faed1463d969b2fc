"""The OpenAPI document and a page of our own to read it: three static files, no script from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Final

import msgspec

from control.openapi import document
from control.operations import PUBLIC, Document, Operations

_FOLDER: Final = Path(__file__).parent
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def api_page(groups: Sequence[Operations], *, server: str) -> Operations:
    """The operations that serve the document of `groups`, and the page."""
    operations = Operations("docs")
    openapi = Document(
        "application/json", msgspec.json.encode(document(groups, server=server)), headers=_caching()
    )
    page, style, script = (
        _file("page.html", "text/html"),
        _file("page.css", "text/css"),
        _file("page.js", "text/javascript"),
    )

    @operations.get("/", permission=PUBLIC, status=303)
    async def front_door() -> Document:
        """The way in. Leads whoever opens the bare address to the page."""
        return Document("text/plain", b"", HTTPStatus.SEE_OTHER, {"location": "/docs"})

    @operations.get("/openapi.json", permission=PUBLIC)
    async def openapi_document() -> Document:
        """This document. OpenAPI 3.1."""
        return openapi

    @operations.get("/docs", permission=PUBLIC)
    async def docs() -> Document:
        """The page. Reads the document and shows it."""
        return page

    @operations.get("/docs/page.css", permission=PUBLIC)
    async def docs_style() -> Document:
        """Its style."""
        return style

    @operations.get("/docs/page.js", permission=PUBLIC)
    async def docs_script() -> Document:
        """Its script."""
        return script

    return operations


def _file(name: str, media_type: str) -> Document:
    headers = {"content-security-policy": _POLICY, **_caching()}
    return Document(f"{media_type}; charset=utf-8", (_FOLDER / name).read_bytes(), headers=headers)


def _caching() -> dict[str, str]:
    return {"cache-control": "public, max-age=300"}
