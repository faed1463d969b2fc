"""The application: every operation as a route, and what surrounds each of them.

Around a request stand its id, its language and its client's address, one line in the log, one observation in the
metrics, the headers that every answer has, CORS by allow-list, and the one place where errors become problems.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import lru_cache
from typing import Final

import msgspec
import trio
from quart import Response, g, request
from quart.routing import QuartMap, QuartRule
from quart_cors import cors
from quart_trio import QuartTrio
from werkzeug.exceptions import MethodNotAllowed

from common.errors import MadangError, language_of
from common.logs import bind, get_logger
from common.metrics import Counter, Histogram
from common.units import HOURS, SECONDS
from control import edge, problems
from control.admin.routes import operations as admin
from control.apipage import api_page
from control.asgi import HttpConnection
from control.badges.routes import operations as badges
from control.board.routes import operations as board
from control.bots.routes import operations as bots
from control.classes.routes import operations as classes
from control.commons.categories_routes import operations as categories
from control.commons.routes import operations as commons
from control.dispatch import view_of
from control.erasure.routes import operations as leaving
from control.export.routes import operations as export
from control.health import operations as health
from control.hooks.routes import operations as hooks
from control.identity.routes import operations as identity
from control.identity.routes import outbox_operations
from control.identity.social.routes import operations as social
from control.matching.conditions.routes import operations as conditions
from control.matching.match_routes import operations as matches
from control.matching.pairing.routes import operations as pairing
from control.matching.posts.routes import operations as posts
from control.mentors.routes import operations as mentors
from control.notices.routes import operations as notices
from control.operations import Call, Operation, Operations, check
from control.people.routes import operations as people
from control.points.routes import operations as points
from control.records.routes import operations as records
from control.reports.routes import operations as reports
from control.rooms.inviting_routes import operations as invitations
from control.rooms.moderation_routes import operations as moderation
from control.rooms.routes import operations as rooms
from control.search.routes import operations as search
from control.services import Services
from control.uploads.routes import operations as uploads
from control.web.pages import gate_of
from control.web.site import read_site

_log = get_logger(__name__)
_seconds = Histogram("madang_control_request_seconds", "Time to answer a request.", ["operation", "status"])
_undeclared = Counter(
    "madang_control_undeclared_errors_total",
    "Errors that an operation answered with, and that the API page does not say.",
    ["operation", "code"],
)
# All that a process serves, in the order of the API page; but for the outbox, which is for development.
TABLES: Final = (
    identity,
    social,
    people,
    rooms,
    moderation,
    invitations,
    reports,
    uploads,
    mentors,
    classes,
    conditions,
    pairing,
    points,
    posts,
    matches,
    board,
    search,
    records,
    badges,
    bots,
    hooks,
    admin,
    leaving,
    export,
    commons,
    categories,
    notices,
    health,
)
_QUIET: Final = frozenset({"healthz", "readyz", "metrics"})  # asked every few seconds
_BODY_TIMEOUT: Final = 15 * SECONDS
_HEADERS: Final = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-site",
    "x-frame-options": "DENY",
}


class Route(QuartRule):
    """A rule that finds operations and builds no addresses: to compile the code that would is most of the time to start."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:  # noqa: ARG002
        def build(*_: object, **__: object) -> tuple[str, str]:
            raise LookupError(f"the address of {self.endpoint} is the path of its operation")

        return build


@lru_cache(4)
def _map_of(operations: tuple[tuple[str, str, str], ...]) -> QuartMap:
    """Which path and method lead to which name. Made once a process, and nobody adds to it."""
    found = QuartMap(merge_slashes=False)
    for path, method, name in operations:
        rule = path.replace("{", "<").replace("}", ">")
        found.add(Route(rule, methods=[method, "OPTIONS"], endpoint=name, provide_automatic_options=True))
    return found


def tables(services: Services) -> list[Operations]:
    """All that this process serves."""
    return [*TABLES, outbox_operations] if services.settings.offers_outbox else [*TABLES]


def create_app(services: Services, served: Iterable[Operations] | None = None) -> QuartTrio:
    """The application over `services`. Raises ValueError, naming every fault, when an operation is not soundly declared
    or when a route did not come from the table of operations."""
    groups = list(served if served is not None else tables(services))
    check(groups)
    operations = check([*groups, api_page(groups, server=services.settings.public_url)])
    app = QuartTrio("control", static_folder=None)
    app.asgi_http_class = HttpConnection
    app.url_map = _map_of(tuple((each.path, each.method, each.name) for each in operations))
    app.view_functions = {each.name: view_of(each) for each in operations}
    app.config["MAX_CONTENT_LENGTH"] = max(operation.body_limit for operation in operations)
    app.config["BODY_TIMEOUT"] = _BODY_TIMEOUT
    app.config["PROPAGATE_EXCEPTIONS"] = False
    _surround(app, services, operations)
    refuse_strays(app, operations)
    return app


def refuse_strays(app: QuartTrio, operations: Iterable[Operation]) -> None:
    """Raise ValueError for a route that is not in the table: nobody declared who may call it."""
    declared = {operation.name for operation in operations}
    strays = [str(rule) for rule in app.url_map.iter_rules() if rule.endpoint not in declared]
    if strays:
        raise ValueError(f"routes without an operation: {', '.join(sorted(strays))}")


def _surround(app: QuartTrio, services: Services, operations: Iterable[Operation]) -> None:
    app.before_request(_begin(services))
    app.before_request(gate_of(read_site(services.settings.web), services.settings))
    app.register_error_handler(Exception, _refuser({operation.name: operation for operation in operations}))
    app.after_request(_end)
    cors(
        app,
        allow_origin=sorted(services.settings.origins),
        allow_credentials=True,
        allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=["authorization", "content-type", "idempotency-key"],
        expose_headers=["x-request-id", "retry-after"],
        max_age=1 * HOURS,
    )


def _begin(services: Services) -> Callable[[], Awaitable[None]]:
    trusted = services.settings.trusted_proxies

    async def begin() -> None:
        headers = edge.headers_of(request.scope["headers"])
        client = request.scope.get("client")
        peer = client[0] if client else None
        g.began = trio.current_time()
        g.call = Call(
            services=services,
            request_id=edge.request_id(peer, headers, trusted),
            address=edge.client_address(peer, headers, trusted),
            language=language_of(headers.get("accept-language")),
            headers=headers,
            cookies=request.cookies,
        )
        bind(request=g.call.request_id)

    return begin


def _refuser(operations: Mapping[str, Operation]) -> Callable[[Exception], Awaitable[Response]]:
    async def refuse(fault: Exception) -> Response:
        """Whatever went wrong, as a problem."""
        call: Call = g.call
        error = problems.error_of(fault)
        operation = operations.get(request.endpoint or "")
        if operation is not None and error.code not in operation.codes:
            _undeclared.labels(operation.name, error.code).inc()
            _log.error("an error that its operation does not declare", code=error.code)
        g.code = error.code
        response = _response(error, call)
        if isinstance(fault, MethodNotAllowed) and fault.valid_methods:
            response.headers["allow"] = ", ".join(sorted(fault.valid_methods))
        return response

    return refuse


def _response(error: MadangError, call: Call) -> Response:
    problem = problems.problem_of(
        error, language=call.language, path=edge.loggable(request.path), request_id=call.request_id
    )
    response = Response(msgspec.json.encode(problem), problem.status, content_type=problems.MEDIA_TYPE)
    response.headers.update(problems.headers_of(error))
    response.headers["content-language"] = call.language
    response.vary.add("accept-language")
    return response


async def _end(response: Response) -> Response:
    call: Call = g.call
    took = trio.current_time() - g.began
    operation = request.endpoint or ("web" if response.status_code < 400 else "none")
    _seconds.labels(operation, response.status_code).observe(took)
    write = _log.debug if operation in _QUIET else _log.info
    write(
        "request",
        method=request.method,
        path=edge.loggable(request.path),
        operation=operation,
        status=response.status_code,
        code=g.get("code"),
        ms=round(took * 1000, 1),
        address=call.address,
    )
    response.headers["x-request-id"] = call.request_id
    response.headers.setdefault("cache-control", "no-store")
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if call.services.settings.secure_cookies:
        response.headers["strict-transport-security"] = "max-age=31536000"
    return response
