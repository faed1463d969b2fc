"""The OpenAPI and AsyncAPI documents, and pages of our own to read them: static files, no script from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from string import Template
from typing import Final

import msgspec

from common import asyncapi
from control import VERSION, openapi
from control.apipage import errors
from control.operations import PUBLIC, Document, Operations

_FOLDER: Final = Path(__file__).parent
_FRAME: Final = Template((_FOLDER / "frame.html").read_text())
_SCRIPT: Final = Template('  <script src="/docs/$document.js" type="module"></script>\n')
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def api_page(groups: Sequence[Operations], *, server: str) -> Operations:
    """The operations that serve the documents of `groups` and of the socket, and the pages."""
    operations = Operations("docs")
    over_http, over_socket = _documents(tuple(groups), server)
    http_page = _page(title="API", document="openapi", other="/docs/socket", other_title="The socket")
    socket_page = _page(title="Socket", document="asyncapi", other="/docs", other_title="Over HTTP")
    all_errors = _framed("errors", errors.page())
    files = {
        name: _file(name, media_type)
        for name, media_type in {
            "page.css": "text/css",
            "kit.js": "text/javascript",
            "openapi.js": "text/javascript",
            "asyncapi.js": "text/javascript",
        }.items()
    }

    @operations.get("/openapi.json", permission=PUBLIC)
    async def openapi_document() -> Document:
        """What is served over HTTP. OpenAPI 3.1."""
        return over_http

    @operations.get("/asyncapi.json", permission=PUBLIC)
    async def asyncapi_document() -> Document:
        """What is spoken over the socket. AsyncAPI 3.0."""
        return over_socket

    @operations.get("/docs", permission=PUBLIC)
    async def docs() -> Document:
        """The page about HTTP. Reads its document and shows it."""
        return http_page

    @operations.get("/docs/socket", permission=PUBLIC)
    async def socket_docs() -> Document:
        """The page about the socket. Reads its document and shows it."""
        return socket_page

    @operations.get("/docs/errors", permission=PUBLIC)
    async def errors_page() -> Document:
        """The page of all errors. In English and Korean, with the status of each and what to do next."""
        return all_errors

    @operations.get("/docs/page.css", permission=PUBLIC)
    async def docs_style() -> Document:
        """Their style."""
        return files["page.css"]

    @operations.get("/docs/kit.js", permission=PUBLIC)
    async def docs_kit() -> Document:
        """What both pages are made of."""
        return files["kit.js"]

    @operations.get("/docs/openapi.js", permission=PUBLIC)
    async def docs_script() -> Document:
        """The script of the page about HTTP."""
        return files["openapi.js"]

    @operations.get("/docs/asyncapi.js", permission=PUBLIC)
    async def socket_docs_script() -> Document:
        """The script of the page about the socket."""
        return files["asyncapi.js"]

    return operations


@lru_cache(maxsize=8)
def _documents(groups: tuple[Operations, ...], server: str) -> tuple[Document, Document]:
    """Both documents. They take as long to make as all the rest of a start: once in a process, however many apps it has."""
    return (
        _json(openapi.document(groups, server=server)),
        _json(asyncapi.document(server=server, version=VERSION)),
    )


def _json(document: object) -> Document:
    return Document("application/json", msgspec.json.encode(document), headers=_caching())


def _page(**words: str) -> Document:
    """The page that reads one of the documents: `page.html` with these words in it."""
    body = Template((_FOLDER / "page.html").read_text()).substitute(words)
    return _framed(words["title"], body, script=_SCRIPT.substitute(words))


def _framed(title: str, body: str, *, script: str = "") -> Document:
    return _served(_FRAME.substitute(title=title, body=body, script=script), "text/html")


def _file(name: str, media_type: str) -> Document:
    return _served((_FOLDER / name).read_text(), media_type)


def _served(text: str, media_type: str) -> Document:
    headers = {"content-security-policy": _POLICY, **_caching()}
    return Document(f"{media_type}; charset=utf-8", text.encode(), headers=headers)


def _caching() -> dict[str, str]:
    return {"cache-control": "public, max-age=300"}
