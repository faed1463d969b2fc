"""The document of the socket: valid AsyncAPI, whole, and true to the wire."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from common import answers, disconnect
from common.asyncapi import COMMANDS, EVENTS, PUSHES, document, tag_of
from common.errors import ERRORS

Json = dict[str, Any]
GRAMMAR: Json = json.loads((Path(__file__).parent / "asyncapi-3.0.0.json").read_text())


@pytest.fixture(scope="module")
def said() -> Json:
    return document(server="https://madang.example", version="1.2.3")


def within(value: Any) -> Iterator[Json]:
    """Every object in a document."""
    if isinstance(value, dict):
        yield value
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for child in children:
        yield from within(child)


def at(document: Json, reference: str) -> Any:
    found: Any = document
    for part in reference.removeprefix("#/").split("/"):
        found = found[part.replace("~1", "/").replace("~0", "~")]
    return found


def followed(document: Json, found: Any) -> Any:
    while isinstance(found, dict) and "$ref" in found:
        found = at(document, found["$ref"])
    return found


def test_it_is_valid_asyncapi(said: Json) -> None:
    faults = list(jsonschema.Draft7Validator(GRAMMAR).iter_errors(said))
    assert not faults, [(fault.json_path, fault.message[:200]) for fault in faults]


def test_what_is_no_asyncapi_is_found_out(said: Json) -> None:
    bad = {**said, "operations": {"x": {"action": "shout", "channel": {"$ref": "#/channels/socket"}}}}
    assert not jsonschema.Draft7Validator(GRAMMAR).is_valid(bad)


def test_every_reference_leads_somewhere(said: Json) -> None:
    references = {each["$ref"] for each in within(said) if "$ref" in each}
    assert len(references) > 50
    for reference in references:
        assert at(said, reference)


def test_every_command_and_push_is_in_it_in_its_direction(said: Json) -> None:
    by_action: dict[str, set[str]] = {"receive": set(), "send": set()}
    for operation in said["operations"].values():
        (message,) = operation["messages"]
        by_action[operation["action"]].add(followed(said, message)["name"])
    assert by_action["receive"] == {tag_of(kind) for kind in COMMANDS}
    assert by_action["send"] == {tag_of(kind) for kind in (*EVENTS, *PUSHES)} | {"reply"}


def test_an_operation_speaks_messages_of_its_channel(said: Json) -> None:
    for operation in said["operations"].values():
        channel = operation["channel"]["$ref"]
        spoken = [*operation["messages"], *operation.get("reply", {}).get("messages", [])]
        assert all(each["$ref"].startswith(f"{channel}/messages/") for each in spoken)


def test_every_message_is_spoken(said: Json) -> None:
    spoken = {
        each["$ref"].rpartition("/")[2]
        for operation in said["operations"].values()
        for each in [*operation["messages"], *operation.get("reply", {}).get("messages", [])]
    }
    assert spoken == said["channels"]["socket"]["messages"].keys() == said["components"]["messages"].keys()


def test_every_example_fits_the_schema_of_its_message(said: Json) -> None:
    for name, message in said["components"]["messages"].items():
        schema = {**message["payload"], "components": said["components"]}
        if "$ref" in message["payload"]:
            schema = {"allOf": [message["payload"]], "components": said["components"]}
        assert message["examples"], name
        for example in message["examples"]:
            jsonschema.Draft202012Validator(schema).validate(example["payload"])


def test_every_command_names_its_refusals_and_each_is_known(said: Json) -> None:
    for kind in COMMANDS:
        codes = said["operations"][f"command.{tag_of(kind)}"]["x-errors"]
        assert set(codes) == answers.COMMANDS[kind].codes
        assert set(codes) <= said["x-errors"].keys() <= ERRORS.keys()


def test_every_close_code_is_in_it(said: Json) -> None:
    assert {each["code"]: each["come_back"] for each in said["x-close-codes"]} == {
        code: reason.come_back for code, reason in disconnect.BY_CODE.items()
    }


def test_limits_are_in_it(said: Json) -> None:
    limits = said["x-limits"]
    assert (limits["frame_bytes"], limits["commands_per_second"], limits["command_burst"]) == (65536, 20, 60)
    assert (limits["connections_per_user"], limits["open_rooms"]) == (10, 200)


@pytest.mark.parametrize(
    ("address", "expected"),
    [("https://madang.example", ("wss", "madang.example")), ("http://[::1]:8080", ("ws", "[::1]:8080"))],
)
def test_it_says_where_the_socket_is(address: str, expected: tuple[str, str]) -> None:
    server = document(server=address, version="1")["servers"]["chatd"]
    assert (server["protocol"], server["host"]) == expected
    assert document(server=address, version="1")["channels"]["socket"]["address"] == "/socket"
