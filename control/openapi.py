"""The OpenAPI 3.1 document, made of the table of operations: what is served and what is said cannot come apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from itertools import groupby
from typing import Any, Final

import msgspec

from common.errors import ERRORS, MadangError
from common.remedies import remedy_of
from common.tokens import ACCESS_COOKIE
from control import VERSION, problems
from control.examples import example_of
from control.operations import PUBLIC, Access, Document, Operation, Operations

_REF: Final = "#/components/schemas/{name}"
_JSON: Final = "application/json"
_ABOUT: Final = """\
People learn, eat and talk together, live, in rooms. This is the control plane; what is said in rooms travels over chatd's
WebSocket.

Errors are `application/problem+json` (RFC 9457) with a stable `code`; `title` and `fields` are in Korean or English by
`Accept-Language`. `temporary` says that the same request may succeed later, and `retry_after_ms` when. Times are whole
milliseconds since 1970 UTC; ids are UUIDv7 text. A field or a parameter that an operation does not know is refused; expect
new ones in answers. A refusal names all that is wrong in `fields`. Where a body has a `client_id`, give what you ask for a name
of your own: when an answer is lost, the same request under the same name makes nothing twice, and is answered with what it made.
Log in for a bearer token, or with `cookies` for httpOnly cookies; with cookies, a request that changes something must come
from an allowed origin."""

Json = dict[str, Any]

_HEADERS: Final[Json] = {
    "x-request-id": {
        "description": "What this request is called in the server's logs.",
        "required": True,
        "schema": {"type": "string"},
        "example": "0198a9d2-6f50-7000-8000-000000000000",
    },
    "retry-after": {
        "description": "Seconds after which the same request may succeed; `retry_after_ms` is more exact.",
        "schema": {"type": "integer", "minimum": 0},
        "example": 3,
    },
    "www-authenticate": {
        "description": "How to prove who one is.",
        "required": True,
        "schema": {"type": "string"},
        "example": 'Bearer realm="madang"',
    },
}
_OF_STATUS: Final = {401: ["www-authenticate"], 429: ["retry-after"], 503: ["retry-after"]}


def document(groups: Iterable[Operations], *, server: str) -> Json:
    """The whole document. `server` is where it is served."""
    groups = list(groups)
    operations = [operation for group in groups for operation in group.table]
    schemas, components = _components(operations)
    paths: dict[str, Json] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Madang",
            "version": VERSION,
            "description": _ABOUT,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": server}],
        "tags": [{"name": group.group, "description": group.about} for group in groups],
        "paths": paths,
        "components": {
            "schemas": components,
            "headers": _HEADERS,
            "securitySchemes": _security_schemes(),
        },
        "x-errors": _all_errors(),
    }


def _all_errors() -> list[Json]:
    """Every code there is, over HTTP and over the socket: its status, its sentences, and what to do next."""
    return [
        {
            "code": code,
            "status": kind.status,
            "temporary": kind.temporary,
            "en": kind.en,
            "ko": kind.ko,
            "next": remedy_of(code)._asdict(),
        }
        for code, kind in ERRORS.items()
    ]


def _components(operations: list[Operation]) -> tuple[Mapping[Any, Json], Json]:
    """The schema of every type that is sent or taken, by type, and what their references lead to."""
    kinds: list[Any] = [problems.Problem]
    for operation in operations:
        kinds += [kind for kind in (operation.body, operation.result) if kind not in {None, Document}]
        kinds += operation.path_parameters.values()
        if operation.query is not None:
            kinds += [field.type for field in msgspec.structs.fields(operation.query)]
    unique = list(dict.fromkeys(kinds))
    schemas, components = msgspec.json.schema_components(unique, ref_template=_REF)
    return dict(zip(unique, schemas, strict=True)), components


def _operation(operation: Operation, schemas: Mapping[Any, Json]) -> Json:
    said: Json = {
        "operationId": operation.name,
        "tags": [operation.group],
        "summary": operation.summary,
        "description": operation.description,
        "security": [] if operation.permission is PUBLIC else [{"bearer": []}, {"cookie": []}],
        "x-permission": operation.permission.value
        if isinstance(operation.permission, Access)
        else operation.permission,
        "responses": {
            str(int(operation.status)): _success(operation, schemas),
            **_refusals(operation, schemas),
        },
    }
    if operation.rate is not None:
        said["x-rate"] = {"count": operation.rate.count, "per_seconds": operation.rate.per}
    parameters = [*_path_parameters(operation, schemas), *_query_parameters(operation, schemas)]
    if parameters:
        said["parameters"] = parameters
    if operation.body is not None:
        content = {"schema": schemas[operation.body], "example": example_of(operation.body)}
        said["requestBody"] = {"required": _needs_something(operation.body), "content": {_JSON: content}}
    return said


def _needs_something(body: type[msgspec.Struct]) -> bool:
    """Whether there must be a body: none at all is an empty object."""
    return any(field.required for field in msgspec.structs.fields(body))


def _path_parameters(operation: Operation, schemas: Mapping[Any, Json]) -> list[Json]:
    return [
        {"name": name, "in": "path", "required": True, "schema": schemas[kind], "example": example_of(kind)}
        for name, kind in operation.path_parameters.items()
    ]


def _query_parameters(operation: Operation, schemas: Mapping[Any, Json]) -> list[Json]:
    if operation.query is None:
        return []
    return [
        {"name": field.encode_name, "in": "query", "required": field.required, "schema": schemas[field.type]}
        for field in msgspec.structs.fields(operation.query)
    ]


def _success(operation: Operation, schemas: Mapping[Any, Json]) -> Json:
    said: Json = {
        "description": HTTPStatus(operation.status).phrase,
        "headers": _headers(operation.status),
    }
    if operation.result is Document:
        said["content"] = {operation.media_type: {"schema": {"type": "string"}}}
    elif operation.result is not None:
        said["content"] = {
            _JSON: {"schema": schemas[operation.result], "example": example_of(operation.result)}
        }
    return said


def _headers(status: int) -> Json:
    names = ["x-request-id", *_OF_STATUS.get(status, ())]
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _refusals(operation: Operation, schemas: Mapping[Any, Json]) -> Json:
    """The errors by status; each code with what people read, and an example."""

    def status(code: str) -> int:
        return ERRORS[code].status

    refusals: Json = {}
    for number, codes in groupby(sorted(operation.codes, key=status), key=status):
        known = list(codes)
        refusals[str(number)] = {
            "headers": _headers(number),
            "description": "; ".join(f"`{code}`: {ERRORS[code].en}" for code in known),
            "content": {
                problems.MEDIA_TYPE: {
                    "schema": schemas[problems.Problem],
                    "examples": {code: {"value": _example_problem(code, operation.path)} for code in known},
                }
            },
        }
    return refusals


def _example_problem(code: str, path: str) -> Any:
    problem = problems.problem_of(
        MadangError(code), language="en", path=path, request_id="0198a9d2-6f50-7000-8000-000000000000"
    )
    return msgspec.to_builtins(problem)


def _security_schemes() -> Json:
    return {
        "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
        "cookie": {"type": "apiKey", "in": "cookie", "name": ACCESS_COOKIE},
    }
