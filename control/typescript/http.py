"""The document of HTTP as TypeScript: types alone. An operation is named by its method and path, which is all a client needs
at run time, so that the table of them costs a bundle nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

from control.typescript.schemas import Json, comment, fields, interfaces, key, type_of, union

_CODES: Final = re.compile(r"`(\w+)`: ")


def module(document: Json) -> str:
    """`http.ts`."""
    return "\n".join(
        [
            "/** Every operation: what it takes, what it gives, and the codes of its own refusals. */",
            "export interface Operations {",
            *_operations(document),
            "}\n",
            interfaces(document["components"]["schemas"]),
        ]
    )


def _operations(document: Json) -> Iterator[str]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield from comment(" ".join(filter(None, (operation["summary"], operation["description"]))), "  ")
            yield f"  {key(f'{method.upper()} {path}')}: {{"
            yield from _taken(operation)
            yield f"    result: {_result(operation)};"
            yield f"    errors: {_errors(operation)};"
            yield "  };"


def _taken(operation: Json) -> Iterator[str]:
    for place in ("path", "query"):
        taken = [each for each in operation.get("parameters", ()) if each["in"] == place]
        if taken:
            required = [each["name"] for each in taken if each["required"]]
            yield f"    {place}{'' if required else '?'}: {{"
            yield from fields({each["name"]: each["schema"] for each in taken}, required, "      ")
            yield "    };"
    if "requestBody" in operation:
        body = operation["requestBody"]
        kind = type_of(body["content"]["application/json"]["schema"])
        yield f"    body{'' if body['required'] else '?'}: {kind};"


def _result(operation: Json) -> str:
    [granted] = [answer for status, answer in operation["responses"].items() if status < "400"]
    for media_type, content in granted.get("content", {}).items():
        return type_of(content["schema"]) if media_type == "application/json" else "string"
    return "undefined"


def _errors(operation: Json) -> str:
    refusals = (answer for status, answer in operation["responses"].items() if status >= "400")
    codes = {code for answer in refusals for code in _CODES.findall(answer["description"])}
    return union(json.dumps(code) for code in sorted(codes))
