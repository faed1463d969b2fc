"""The table of operations: what control serves, said once.

A module declares its operations with a table of its own::

    operations = Operations("rooms", "Rooms: found, joined, left.")

    @operations.post("/api/v1/rooms", permission="room.create", status=201, errors=("room_full",))
    async def create_room(call: Call, body: CreateRoom) -> RoomView:
        \"\"\"Create a room. Whoever creates it owns it.\"\"\"

From this table, and from nowhere else, come routing, decoding, authorisation, rate and body limits (`dispatch.py`) and
the OpenAPI document (`openapi.py`). A handler's parameters are told apart by their names: `call`, `body` and `query`;
every other one is a part of the path. It returns a Struct, a `Document`, or None, which answers 204.

Every operation declares who may call it: the name of a permission, `LOGGED_IN`, or `PUBLIC`. `check` refuses, at
start-up, a table in which one does not, or asks for a permission that no role grants. This module knows nothing of
Quart or of HTTP's bytes.
"""

from __future__ import annotations

import enum
import inspect
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import (
    TYPE_CHECKING,
    Any,
    Final,
    Literal,
    Required,
    TypedDict,
    TypeVar,
    Unpack,
    get_type_hints,
)

import msgspec

from common.errors import ERRORS, Language, MadangError
from common.permissions import GRANTED
from common.units import KIB
from control.edge import is_from_our_pages
from control.ratelimit import Rate

if TYPE_CHECKING:
    from control.principal import Principal
    from control.services import Services

__all__ = ["LOGGED_IN", "PUBLIC", "Access", "Call", "Document", "Operation", "Operations", "Rate", "check"]

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Handler = Callable[..., Awaitable[object]]
F = TypeVar("F", bound=Handler)

BODY_LIMIT: Final = 64 * KIB
SAFE: Final = frozenset({"GET"})  # RFC 9110 §9.2.1; HEAD and OPTIONS are answered from these by Quart
_PARAMETER = re.compile(r"{(\w+)}")


class Access(enum.Enum):
    """Who may call an operation that needs no permission of its own."""

    PUBLIC = "public"  # anybody; a token is not even looked at
    LOGGED_IN = "logged_in"  # every person with a live session; a bot is none


PUBLIC: Final = Access.PUBLIC
LOGGED_IN: Final = Access.LOGGED_IN


class Document(msgspec.Struct, frozen=True):
    """An answer that is not JSON of our own making: a page, a style sheet, the metrics."""

    media_type: str
    body: bytes
    status: int = HTTPStatus.OK
    headers: dict[str, str] = msgspec.field(default_factory=dict)


@dataclass(slots=True)
class Call:
    """One request, as a handler sees it. `answer_headers` are added to the answer when there is no error."""

    services: Services
    request_id: str
    address: str  # of the client, past the trusted proxies
    language: Language
    principal: Principal | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    answer_headers: list[tuple[str, str]] = field(default_factory=list)

    @property
    def person(self) -> Principal:
        """Who is asking. Never fails in an operation that is not PUBLIC; there it raises `unauthenticated`."""
        if self.principal is None:
            raise MadangError("unauthenticated")
        return self.principal

    def require_our_pages(self) -> None:
        """Raise `csrf` unless one of our own pages made this request: asked wherever a cookie is what proves somebody."""
        if not is_from_our_pages(self.headers, self.services.settings.origins):
            raise MadangError("csrf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One row of the table. `result` is None when the answer has no body."""

    group: str
    name: str  # the handler's name: the operationId, the endpoint, the label in metrics and logs
    method: Method
    path: str
    handler: Handler
    permission: str | Access
    status: int
    errors: tuple[str, ...]
    rate: Rate | None
    body_limit: int
    summary: str
    description: str
    takes_call: bool
    body: type[msgspec.Struct] | None
    query: type[msgspec.Struct] | None
    path_parameters: Mapping[str, Any]
    result: type[msgspec.Struct] | None
    media_type: str  # of an answer that is a `Document`

    @property
    def changes_state(self) -> bool:
        """Whether the method is one that may change something."""
        return self.method not in SAFE

    @property
    def codes(self) -> tuple[str, ...]:
        """Every error this operation can answer with: its own, and those its shape brings with it."""
        codes = [*self.errors]
        if self.body is not None:
            codes += ["malformed", "too_large", "unsupported_media"]
        if self.permission is not PUBLIC:
            codes += ["unauthenticated", "token_invalid", "token_expired", "session_revoked", "unavailable"]
            codes += ["forbidden"]
            codes += ["csrf"] if self.changes_state else []
        if self.rate is not None:
            codes += ["rate_limited", "unavailable"]
        return tuple(dict.fromkeys([*codes, "invalid", "internal"]))


class Said(TypedDict, total=False):
    """What a declaration says beside its method and path."""

    permission: Required[str | Access]
    status: int  # 200, or 204 when nothing is returned, unless said
    errors: tuple[str, ...]  # the codes its own rules may answer with; those of its shape are added
    rate: Rate | None  # for each person, or each address when nobody is logged in
    body_limit: int  # bytes
    media_type: str  # of a `Document`, without its parameters: text/plain unless said


class Operations:
    """The operations of one part of control, in the order they are declared. `about` heads the group in the API page."""

    def __init__(self, group: str, about: str = "") -> None:
        self.group = group
        self.about = about
        self.table: list[Operation] = []

    def get(self, path: str, **said: Unpack[Said]) -> Callable[[F], F]:
        """Declare a GET: it reads, and changes nothing."""
        return self._declare("GET", path, **said)

    def post(self, path: str, **said: Unpack[Said]) -> Callable[[F], F]:
        """Declare a POST."""
        return self._declare("POST", path, **said)

    def put(self, path: str, **said: Unpack[Said]) -> Callable[[F], F]:
        """Declare a PUT."""
        return self._declare("PUT", path, **said)

    def patch(self, path: str, **said: Unpack[Said]) -> Callable[[F], F]:
        """Declare a PATCH."""
        return self._declare("PATCH", path, **said)

    def delete(self, path: str, **said: Unpack[Said]) -> Callable[[F], F]:
        """Declare a DELETE."""
        return self._declare("DELETE", path, **said)

    def _declare(
        self,
        method: Method,
        path: str,
        *,
        permission: str | Access,
        status: int | None = None,
        errors: tuple[str, ...] = (),
        rate: Rate | None = None,
        body_limit: int = BODY_LIMIT,
        media_type: str = "text/plain",
    ) -> Callable[[F], F]:
        def declare(handler: F) -> F:
            shape = _shape(handler, path)
            summary, _, description = inspect.cleandoc(handler.__doc__ or "").partition(". ")
            self.table.append(
                Operation(
                    group=self.group,
                    name=handler.__name__,
                    method=method,
                    path=path,
                    handler=handler,
                    permission=permission,
                    status=status or (HTTPStatus.OK if shape.result else HTTPStatus.NO_CONTENT),
                    errors=errors,
                    rate=rate,
                    body_limit=body_limit,
                    summary=summary.rstrip("."),
                    description=" ".join(description.split()),
                    takes_call=shape.takes_call,
                    body=shape.body,
                    query=shape.query,
                    path_parameters=shape.path_parameters,
                    result=shape.result,
                    media_type=media_type,
                )
            )
            return handler

        return declare


@dataclass(frozen=True, slots=True)
class _Shape:
    takes_call: bool
    body: type[msgspec.Struct] | None
    query: type[msgspec.Struct] | None
    path_parameters: Mapping[str, Any]
    result: type[msgspec.Struct] | None


def _shape(handler: Handler, path: str) -> _Shape:
    """What `handler` takes and gives, from its signature. Raises TypeError where that does not fit `path`."""
    hints = get_type_hints(handler, include_extras=True)
    if "return" not in hints:
        raise TypeError(f"{handler.__qualname__} does not say what it returns")
    result = hints.pop("return")
    takes_call = hints.pop("call", None) is not None
    body, query = hints.pop("body", None), hints.pop("query", None)
    if set(hints) != set(_PARAMETER.findall(path)):
        raise TypeError(f"{handler.__qualname__} takes {sorted(hints)}, and its path is {path}")
    return _Shape(takes_call, body, query, hints, None if result is type(None) else result)


def check(tables: Iterable[Operations]) -> tuple[Operation, ...]:
    """All operations of `tables`, proven sound.

    Raises ValueError naming every fault at once: an operation without a permission, one whose permission no role
    grants, an error code that is in no table, a name or a route declared twice, a handler without a docstring.
    """
    operations = tuple(operation for table in tables for operation in table.table)
    faults: list[str] = []
    names: set[str] = set()
    routes: set[tuple[str, str]] = set()
    for operation in operations:
        route = (operation.method, _PARAMETER.sub("{}", operation.path))
        faults += [f"{operation.name}: {fault}" for fault in _faults(operation)]
        if operation.name in names or route in routes:
            faults.append(f"{operation.name}: {operation.method} {operation.path} is declared twice")
        names.add(operation.name)
        routes.add(route)
    if faults:
        raise ValueError("operations: " + "; ".join(faults))
    return operations


def _faults(operation: Operation) -> list[str]:
    faults = []
    if not isinstance(operation.permission, Access) and operation.permission not in GRANTED:
        faults.append(f"no role grants the permission {operation.permission!r}")
    faults += [f"the error {code!r} is not known" for code in operation.errors if code not in ERRORS]
    if not operation.summary:
        faults.append("its docstring is missing")
    if operation.body is not None and not operation.changes_state:
        faults.append("a GET has no body")
    return faults
