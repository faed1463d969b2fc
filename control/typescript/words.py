"""The one table of errors, and what rooms say by themselves, as TypeScript: a file for each language, and the codes alone."""

from __future__ import annotations

import json
from collections.abc import Iterable

from common.errors import ERRORS, Language
from common.system_words import WORDS
from control.typescript.schemas import Json, key, union


def codes_module(errors: Iterable[Json]) -> str:
    """`codes.ts`: every code as a type, and which of them may pass by themselves."""
    errors = list(errors)
    passing = ", ".join(json.dumps(each["code"]) for each in errors if each["temporary"])
    rooms = union(json.dumps(code) for code in WORDS)
    return (
        f"export type ErrorCode =\n{_lines(each['code'] for each in errors)};\n\n"
        "/** The same request may succeed later. */\n"
        f"export const TEMPORARY: ReadonlySet<string> = new Set([{passing}]);\n\n"
        f"/** What rooms say by themselves. */\nexport type RoomWord = {rooms};\n"
    )


def errors_module(language: Language) -> str:
    """`errors.en.ts`: the sentence of each code."""
    return _table("ErrorCode", "ERRORS", {code: kind.sentence(language) for code, kind in ERRORS.items()})


def rooms_module(language: Language) -> str:
    """`rooms.en.ts`: what rooms say by themselves; their parameters stand in braces."""
    sentences = {code: word.ko if language == "ko" else word.en for code, word in WORDS.items()}
    return _table("RoomWord", "ROOM_WORDS", sentences)


def _table(kind: str, name: str, sentences: dict[str, str]) -> str:
    rows = "\n".join(
        f"  {key(code)}: {json.dumps(said, ensure_ascii=False)}," for code, said in sentences.items()
    )
    return (
        f'import type {{ {kind} }} from "./codes.ts";\n\n'
        f"export const {name}: Readonly<Record<{kind}, string>> = {{\n{rows}\n}};\n"
    )


def _lines(codes: Iterable[str]) -> str:
    return "\n".join(f"  | {json.dumps(code)}" for code in codes)
