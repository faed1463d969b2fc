"""The socket's document as TypeScript: each command with its answer and its refusals, and all that is told as one union."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from control.typescript.schemas import Json, interfaces, key, name_of, union

_TAGS: Final = {"commands": "Command", "events": "Event", "news": "News"}


def module(document: Json) -> str:
    """`socket.ts`: types alone, but for the list of what lasts, by which a frame is known to be an event."""
    kinds = {tag: list(_of(document, tag)) for tag in _TAGS}
    events = ", ".join(json.dumps(said) for said, _ in kinds["events"])
    return "\n".join(
        [
            *(
                f"export type {name} = {union(struct for _, struct in kinds[tag])};\n"
                for tag, name in _TAGS.items()
            ),
            "/** Every frame a server sends but the answers to commands. */",
            "export type Push = Event | News;\n",
            "/** What each command is answered with when it is granted. */",
            "export interface Answers {",
            *(f"  {key(said)}: {_answer(document, struct)};" for said, struct in kinds["commands"]),
            "}\n",
            "/** The codes each command may be refused with. */",
            "export interface Refusals {",
            *(f"  {key(said)}: {_codes(document, said)};" for said, _ in kinds["commands"]),
            "}\n",
            "/** The one answer to a command that carried an `id`. */",
            "export type Reply =",
            '  | { readonly type: "reply"; readonly id: string; readonly ok: unknown }',
            '  | { readonly type: "reply"; readonly id: string; readonly error: Error };\n',
            "/** What lasts: it has a `seq`, and is replayed. */",
            f"export const EVENTS: ReadonlySet<string> = new Set([{events}]);\n",
            interfaces(document["components"]["schemas"]),
        ]
    )


def limits_module(document: Json) -> str:
    """`limits.ts`: what a server allows, and what its close codes mean."""
    limits = "\n".join(f"  {name}: {value}," for name, value in document["x-limits"].items())
    closes = "\n".join(
        f"  {each['code']}: {{ name: {json.dumps(each['name'])}, comeBack: {json.dumps(each['come_back'])} }},"
        for each in document["x-close-codes"]
    )
    return (
        f"/** What a server allows by default. */\nexport const LIMITS = {{\n{limits}\n}} as const;\n\n"
        "/** Why a server ends a connection, and whether to come back. */\n"
        "export const CLOSES: Readonly<Record<number, { name: string; comeBack: boolean }>> = "
        f"{{\n{closes}\n}};\n"
    )


def _of(document: Json, tag: str) -> Iterator[tuple[str, str]]:
    """The `type` and the Struct of everything under a tag, but for `reply`."""
    for operation in document["operations"].values():
        if operation["tags"] == [{"name": tag}] and operation["title"] != "reply":
            reference = operation["messages"][0]["$ref"].rsplit("/", 1)[-1]
            yield operation["title"], name_of(reference)


def _answer(document: Json, struct: str) -> str:
    payload = document["components"]["messages"][f"{struct}Reply"]["payload"]
    return name_of(payload["properties"]["ok"]["$ref"].rsplit("/", 1)[-1])


def _codes(document: Json, said: str) -> str:
    return union(json.dumps(code) for code in document["operations"][f"command.{said}"]["x-errors"])
