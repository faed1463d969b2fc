"""The AsyncAPI 3.0 document of the socket, made of the wire's Structs: what is said and what is spoken cannot come apart.

One channel, two directions. The server `receive`s commands, each with the reply it gets; it `send`s pushes, of which the
lasting ones have a `seq`. AsyncAPI has no word for error codes, close codes and limits; they stand in `x-errors`,
`x-close-codes` and `x-limits`.
"""

from __future__ import annotations

import inspect
from typing import Any, Final, cast, get_args
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from common import answers, disconnect, limits, protocol
from common.errors import ERRORS
from common.examples import example_of
from common.system_words import WORDS
from common.tokens import ACCESS_COOKIE

COMMANDS: Final[tuple[type[protocol.Command], ...]] = get_args(protocol.AnyCommand)
EVENTS: Final[tuple[type[protocol.Event], ...]] = get_args(protocol.AnyEvent)
PUSHES: Final[tuple[type[protocol.Push], ...]] = get_args(protocol.AnyPush)
PATH: Final = "/socket"

_SCHEMA: Final = "#/components/schemas/{name}"
_CHANNEL: Final = "#/channels/socket"
_ID: Final = "7"
_ABOUT: Final = """\
JSON text frames over one WebSocket, one object a frame; `type` tells which. Say `hello` first, within ten seconds, with an
access token unless the handshake brought one; `welcome` answers.

A command may carry an `id` of your choosing; then exactly one `reply` carries it back, with `ok` or `error`. What is no
command is answered, too, under an empty `id` when none could be read. Unknown fields are ignored. Times are whole
milliseconds since 1970 UTC, durations end in `_ms`, ids are UUID text.

What lasts has a `seq`: it counts the events of a room from 1, without a hole, the same for everybody. Keep `{epoch, seq}`
for each room; say it in `resume` when you come back, to any replica, and you get exactly what you missed, or `reset`. A
command with a `client_id` may be repeated after any failure: it happens once, and the first answer is given again."""

Json = dict[str, Any]


def document(*, server: str, version: str) -> Json:
    """The whole document. `server` is the HTTP address under which the socket is reached, as `https://madang.example`."""
    messages = {kind.__name__: _message(kind) for kind in (*COMMANDS, *EVENTS, *PUSHES)}
    messages |= {_reply_name(kind): _reply_message(kind) for kind in COMMANDS}
    messages["Unreadable"] = _unreadable_message()
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Madang socket",
            "version": version,
            "description": _ABOUT,
            "license": {"name": "MIT"},
        },
        "defaultContentType": "application/json",
        "servers": {"chatd": _server(server)},
        "channels": {"socket": _channel(messages)},
        "operations": _operations(),
        "components": {
            "schemas": _schemas(),
            "messages": messages,
            "securitySchemes": _security_schemes(),
        },
        "x-errors": {
            code: {"en": kind.en, "ko": kind.ko, "temporary": kind.temporary}
            for code, kind in ERRORS.items()
            if code in _socket_codes()
        },
        "x-close-codes": [
            {"code": each.code, "name": each.name, "come_back": each.come_back, "en": each.en, "ko": each.ko}
            for each in disconnect.BY_CODE.values()
        ],
        "x-system-words": {
            code: {"en": word.en, "ko": word.ko, "params": sorted(word.params)}
            for code, word in WORDS.items()
        },
        "x-limits": limits.DOCUMENTED,
    }


def tag_of(kind: type[Struct]) -> str:
    """The `type` that a frame of this Struct carries."""
    return str(kind.__struct_config__.tag)


# --- where and how ----------------------------------------------------------------------------------------------------


def _server(address: str) -> Json:
    parts = urlsplit(address)
    return {
        "host": parts.netloc,
        "protocol": "wss" if parts.scheme == "https" else "ws",
        "protocolVersion": "13",
        "description": "Any replica serves any client of any room.",
        "security": [{"$ref": f"#/components/securitySchemes/{name}"} for name in _security_schemes()],
    }


def _security_schemes() -> Json:
    return {
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "An access token in the handshake; or else in the field `token` of `hello`.",
        },
        "cookie": {
            "type": "httpApiKey",
            "in": "cookie",
            "name": ACCESS_COOKIE,
            "description": "The cookie that a log-in in a browser leaves.",
        },
    }


def _channel(messages: Json) -> Json:
    return {
        "address": PATH,
        "title": "The socket",
        "description": "Everything, in both directions, over one connection.",
        "servers": [{"$ref": "#/servers/chatd"}],
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
        "bindings": {"ws": {"method": "GET", "bindingVersion": "0.1.0"}},
    }


def _operations() -> Json:
    commands = {f"command.{tag_of(kind)}": _command(kind) for kind in COMMANDS}
    pushes = {f"push.{tag_of(kind)}": _push(kind) for kind in (*EVENTS, *PUSHES)}
    return {**commands, "push.reply": _unasked(), **pushes}


def _command(kind: type[protocol.Command]) -> Json:
    summary, description = _said(kind)
    return {
        "action": "receive",
        "title": tag_of(kind),
        "summary": summary,
        "description": description,
        "channel": {"$ref": _CHANNEL},
        "tags": [{"name": "commands"}],
        "messages": [_of_channel(kind.__name__)],
        "reply": {"channel": {"$ref": _CHANNEL}, "messages": [_of_channel(_reply_name(kind))]},
        "x-errors": sorted(answers.COMMANDS[kind].codes),
        "x-permission": answers.COMMANDS[kind].needs,
    }


def _push(kind: type[Struct]) -> Json:
    summary, description = _said(kind)
    return {
        "action": "send",
        "title": tag_of(kind),
        "summary": summary,
        "description": description,
        "channel": {"$ref": _CHANNEL},
        "tags": [{"name": "events" if issubclass(kind, protocol.Event) else "news"}],
        "messages": [_of_channel(kind.__name__)],
    }


def _unasked() -> Json:
    return {
        "action": "send",
        "title": "reply",
        "summary": "What was said could not be read.",
        "description": "An error under the `id` of the frame, or under an empty one when none could be read.",
        "channel": {"$ref": _CHANNEL},
        "tags": [{"name": "news"}],
        "messages": [_of_channel("Unreadable")],
        "x-errors": sorted(answers.UNREADABLE),
    }


# --- messages ---------------------------------------------------------------------------------------------------------


def _message(kind: type[Struct]) -> Json:
    summary, _ = _said(kind)
    return {
        "name": tag_of(kind),
        "title": kind.__name__,
        "summary": summary,
        "payload": {"$ref": _SCHEMA.format(name=kind.__name__)},
        "examples": [{"name": tag_of(kind), "payload": example_of(kind)}],
    }


def _reply_message(kind: type[protocol.Command]) -> Json:
    answer = answers.COMMANDS[kind]
    code = (*answer.errors, *answers.ANY)[0]
    return {
        "name": "reply",
        "title": _reply_name(kind),
        "summary": f"The answer to {tag_of(kind)}.",
        "payload": _reply_schema(answer.ok),
        "examples": [
            {
                "name": "granted",
                "payload": {"type": "reply", "id": _ID, "ok": example_of(answer.ok)},
            },
            {"name": "refused", "payload": _refusal(_ID, code)},
        ],
    }


def _unreadable_message() -> Json:
    return {
        "name": "reply",
        "title": "Unreadable",
        "summary": "The answer to what is no command.",
        "payload": _reply_schema(None),
        "examples": [{"name": "refused", "payload": _refusal("", "malformed")}],
    }


def _reply_schema(ok: type[Struct] | None) -> Json:
    error = {"error": {"$ref": _SCHEMA.format(name=protocol.Error.__name__)}}
    granted = {} if ok is None else {"ok": {"$ref": _SCHEMA.format(name=ok.__name__)}}
    return {
        "type": "object",
        "properties": {"type": {"const": "reply"}, "id": {"type": "string"}, **granted, **error},
        "required": ["type", "id"],
        "oneOf": [{"required": [name]} for name in (*granted, *error)],
    }


def _refusal(command_id: str, code: str) -> Json:
    kind = ERRORS[code]
    error = protocol.Error(
        code=code, message=kind.en, temporary=kind.temporary, retry_after_ms=1000 if kind.temporary else None
    )
    return {"type": "reply", "id": command_id, "error": msgspec.to_builtins(error)}


# --- schemas ----------------------------------------------------------------------------------------------------------


def _schemas() -> Json:
    oks = {answer.ok: None for answer in answers.COMMANDS.values()}
    kinds = [*COMMANDS, *EVENTS, *PUSHES, *oks, protocol.Error]
    _, schemas = msgspec.json.schema_components(kinds, ref_template=_SCHEMA)
    return cast(Json, _in_asyncapi(schemas))


def _in_asyncapi(schema: Any) -> Any:
    """A JSON Schema as AsyncAPI's dialect: there the discriminator of a union is the bare name of the field."""
    match schema:
        case dict():
            return {
                key: value["propertyName"]
                if key == "discriminator" and isinstance(value, dict) and "propertyName" in value
                else _in_asyncapi(value)
                for key, value in schema.items()
            }
        case list():
            return [_in_asyncapi(each) for each in schema]
    return schema


def _said(kind: type[Struct]) -> tuple[str, str]:
    """The first sentence of a Struct's docstring, and the whole of it."""
    said = " ".join(inspect.cleandoc(kind.__doc__ or "").split())
    first, dot, _ = said.partition(". ")
    return first + dot.strip(), said


def _socket_codes() -> frozenset[str]:
    own = (answer.codes for answer in answers.COMMANDS.values())
    return frozenset(answers.UNREADABLE).union(*own)


def _reply_name(kind: type[protocol.Command]) -> str:
    return f"{kind.__name__}Reply"


def _of_channel(name: str) -> Json:
    return {"$ref": f"{_CHANNEL}/messages/{name}"}
