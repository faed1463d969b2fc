"""What the web app is compiled against is what is served."""

from __future__ import annotations

import os
from typing import Any

import pytest

from common.errors import ERRORS
from control.typescript import FOLDER, files
from control.typescript.http import module
from control.typescript.schemas import interfaces, type_of


def test_what_is_committed_is_what_the_documents_say() -> None:
    made = files()
    if os.environ.get("MADANG_WRITE"):
        for name, text in made.items():
            (FOLDER / name).write_text(text)
    committed = {path.name: path.read_text() for path in FOLDER.glob("*.ts")}
    assert committed.keys() == made.keys(), "run `python -m control.typescript`"
    stale = [name for name in made if made[name] != committed[name]]
    assert not stale, "run `python -m control.typescript`, and look at what changed"


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"type": "integer", "minimum": 1}, "number"),
        ({"enum": ["a", "b"], "default": "a"}, '"a" | "b"'),
        ({"anyOf": [{"type": "string"}, {"type": "null"}], "default": None}, "string | null"),
        ({"type": "array", "items": {"$ref": "#/components/schemas/Room"}}, "readonly Room[]"),
        ({"type": "array", "items": {"enum": ["a", "b"]}}, 'readonly ("a" | "b")[]'),
        (
            {"type": "array", "prefixItems": [{"type": "string"}, {"type": "number"}], "items": False},
            "[string, number]",
        ),
        (
            {"type": "object", "additionalProperties": {"type": "boolean"}},
            "{ readonly [name: string]: boolean }",
        ),
        ({"type": "object", "properties": {"a-b": {"type": "null"}}}, '{ readonly "a-b"?: null; }'),
        ({}, "unknown"),
    ],
)
def test_a_schema_is_said_as_a_type(schema: dict[str, Any], said: str) -> None:
    assert type_of(schema) == said


def test_a_schema_of_a_new_kind_is_not_guessed_at() -> None:
    with pytest.raises(ValueError, match="no TypeScript"):
        type_of({"not": {}})


def test_only_what_must_be_there_is_not_optional() -> None:
    room = {"type": "object", "properties": {"id": {"type": "string"}, "tag": {}}, "required": ["id"]}
    said = interfaces({"Room": {**room, "description": "A room. */ alert()"}})
    assert "export interface Room {\n  readonly id: string;\n  readonly tag?: unknown;\n}" in said
    assert "*/ alert" not in said


def test_an_operation_says_what_it_takes_and_all_it_may_be_refused_with() -> None:
    refused = {"description": "`room_full`: …; `banned`: …"}
    operation = {
        "summary": "Join.",
        "description": "",
        "parameters": [
            {"name": "room", "in": "path", "required": True, "schema": {"type": "string"}},
            {"name": "limit", "in": "query", "required": False, "schema": {"type": "integer"}},
        ],
        "requestBody": {"required": False, "content": {"application/json": {"schema": {"type": "object"}}}},
        "responses": {"204": {}, "403": refused},
    }
    said = module({"paths": {"/rooms/{room}": {"post": operation}}, "components": {"schemas": {}}})
    for part in (
        '"POST /rooms/{room}": {',
        "path: {\n      readonly room: string;",
        "query?: {\n      readonly limit?: number;",
        "body?: { readonly [name: string]: unknown };",
        "result: undefined;",
        'errors: "banned" | "room_full";',
    ):
        assert part in said


def test_both_languages_have_every_error() -> None:
    made = files()
    for code, kind in ERRORS.items():
        assert f'"{code}"' in made["codes.ts"]
        assert kind.en in made["errors.en.ts"].replace('\\"', '"')
        assert kind.ko in made["errors.ko.ts"]
