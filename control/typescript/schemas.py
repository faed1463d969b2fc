"""JSON Schema, as msgspec makes it of Structs, as TypeScript types.

A field that need not be there is optional; bounds and patterns are left to the server, which says what it refuses.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

Json = Mapping[str, Any]

_BARE: Final = re.compile(r"[A-Za-z_$][\w$]*")
_SCALARS: Final = {
    "string": "string",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "null": "null",
}


def interfaces(schemas: Json) -> str:
    """The declarations of all these components, by their names."""
    return "\n".join(_declared(name_of(name), schema) for name, schema in sorted(schemas.items()))


def type_of(schema: Json) -> str:  # noqa: PLR0911 - one a kind of schema
    """The type of what this schema allows. Raises ValueError for a schema that says what we do not: a bug of ours."""
    match schema:
        case {"$ref": str(reference)}:
            return name_of(reference.rsplit("/", 1)[-1])
        case {"anyOf": kinds} | {"oneOf": kinds}:
            return union(type_of(kind) for kind in kinds)
        case {"enum": values}:
            return union(json.dumps(value, ensure_ascii=False) for value in values)
        case {"const": value}:
            return json.dumps(value, ensure_ascii=False)
        case {"type": "object", "properties": fields}:
            return _record(fields, schema.get("required", ()))
        case {"type": "object"}:
            values = schema.get("additionalProperties", {})
            return (
                f"{{ readonly [name: string]: {type_of(values) if isinstance(values, dict) else 'unknown'} }}"
            )
        case {"type": "array", "prefixItems": kinds}:
            return f"[{', '.join(map(type_of, kinds))}]"
        case {"type": "array"}:
            return f"readonly {_closed(type_of(schema.get('items') or {}))}[]"
        case {"type": str(scalar)} if scalar in _SCALARS:
            return _SCALARS[scalar]
        case _ if not set(schema) - {"description", "title", "default", "examples"}:
            return "unknown"
    raise ValueError(f"no TypeScript for {schema}")


def union(kinds: Iterable[str]) -> str:
    """One of these, in their order, each once."""
    return " | ".join(dict.fromkeys(kinds)) or "never"


def fields(named: Json, required: Iterable[str], indent: str) -> list[str]:
    """A line for each field, behind what is said of it."""
    needed = set(required)
    lines = []
    for name, schema in named.items():
        lines += comment(schema.get("description"), indent)
        mark = "" if name in needed else "?"
        lines.append(f"{indent}readonly {key(name)}{mark}: {type_of(schema)};")
    return lines


def comment(said: str | None, indent: str = "") -> list[str]:
    """A comment for the tools that show it; none where nothing is said."""
    if not said:
        return []
    lines = inspect.cleandoc(said).replace("*/", "* /").splitlines()
    if len(lines) == 1:
        return [f"{indent}/** {lines[0]} */"]
    return [f"{indent}/**", *(f"{indent} * {line}".rstrip() for line in lines), f"{indent} */"]


def key(name: str) -> str:
    """A property's name, in quotes where it needs them."""
    return name if _BARE.fullmatch(name) else json.dumps(name)


def name_of(component: str) -> str:
    """A component's name as an identifier: `Listed[Room]` is `Listed_Room`."""
    return re.sub(r"\W+", "_", component).strip("_")


def _declared(name: str, schema: Json) -> str:
    lines = comment(schema.get("description"))
    if "properties" not in schema:
        return "\n".join([*lines, f"export type {name} = {type_of(schema)};", ""])
    inside = fields(schema["properties"], schema.get("required", ()), "  ")
    return "\n".join([*lines, f"export interface {name} {{", *inside, "}", ""])


def _record(named: Json, required: Iterable[str]) -> str:
    return f"{{ {' '.join(line.strip() for line in fields(named, required, ''))} }}"


def _closed(kind: str) -> str:
    """`kind` so that `[]` behind it means all of it."""
    return f"({kind})" if " " in kind and not kind.startswith("{") else kind
