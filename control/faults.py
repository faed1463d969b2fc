"""What is wrong with one value, said to people: msgspec's findings, and our own, in English and Korean.

The English sentence is the key, so a service writes `fields={"password": faults.TOO_COMMON}` and the edge translates.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import msgspec

from common.errors import ERRORS, Language

TOO_COMMON: Final = "Too many people use this one"
TOO_PERSONAL: Final = "Too close to your name or e-mail address"
NOT_AN_EMAIL: Final = "Expected an e-mail address"
NOT_A_TIMEZONE: Final = "Expected the name of a timezone, as Asia/Seoul"
NOT_A_DATE: Final = "Expected a date from 1971 to 9000"
NOT_A_PHONE: Final = "Expected a phone number, as 010-1234-5678 or +82 10-1234-5678"
NOT_PRINTABLE: Final = "Control characters are not allowed"
NUL: Final = "The character U+0000 is not allowed"
REQUIRED: Final = "Required"
UNKNOWN: Final = "There is no such field"
ONCE: Final = "Say this once"
NOT_A_CURSOR: Final = "Expected a cursor from an earlier page"
NOT_IDS: Final = "Expected ids with commas between"
NOT_TO_COME: Final = "Expected a time to come"
TOO_FAR: Final = "Expected a time in the next 90 days"
OTHER_CATEGORY: Final = "Meals have ways, and studies have kinds"
NOT_IN_ORDER: Final = "Expected a day not before the first"
TOO_MANY_DAYS: Final = "Expected a year at most"
NOT_A_KEY: Final = "Expected 1 to 128 visible ASCII characters"
NOT_YOURSELF: Final = "Choose somebody else"
ROOM_NEEDS_KEY: Final = "A secret room needs a password"
ROOM_HAS_NO_KEY: Final = "Only a secret room has a password"
CURSOR_OR_OFFSET: Final = "Give a cursor or an offset, not both"
WORD_OF_TWO: Final = "Expected a word of two characters or more"
TOO_DEEP: Final = "Expected at most 1000 with a text: go on by cursor"
ROOM_OF_ATTACHMENT: Final = "Say which room the attachment is for"
NO_ROOM: Final = "Only an attachment is for a room"
ONE_OF_THESE: Final = "Ask for one of these"
ENDS_BEFORE: Final = "It has to begin before it ends"
OVERLAP: Final = "These overlap"
NOT_FOR_MEALS: Final = "Only study has kinds"
NOT_FOR_STUDY: Final = "Only meals have ways"
NOT_UTF8: Final = "Expected UTF-8"
SHOW_OWNER: Final = "Give your password, or a proof of your phone number or e-mail address"
ONE_CONTACT: Final = "Ask for one contact, a phone or an e-mail address"

_KOREAN: Final = {
    TOO_COMMON: "너무 많은 사람이 쓰는 비밀번호입니다",
    TOO_PERSONAL: "이름이나 이메일과 너무 비슷합니다",
    NOT_AN_EMAIL: "이메일 주소여야 합니다",
    NOT_A_DATE: "1971년부터 9000년까지의 날짜여야 합니다",
    NOT_A_TIMEZONE: "Asia/Seoul 같은 시간대 이름이어야 합니다",
    NOT_A_PHONE: "전화번호여야 합니다 (예: 010-1234-5678, +82 10-1234-5678)",
    NOT_PRINTABLE: "제어 문자는 쓸 수 없습니다",
    NUL: "U+0000 문자는 쓸 수 없습니다",
    ONCE: "한 번만 보내 주세요",
    NOT_A_CURSOR: "앞 페이지에서 받은 커서여야 합니다",
    NOT_IDS: "쉼표로 구분한 ID여야 합니다",
    NOT_TO_COME: "앞으로 올 시각이어야 합니다",
    TOO_FAR: "90일 안의 시각이어야 합니다",
    OTHER_CATEGORY: "방식은 식사에만, 종류는 스터디에만 정할 수 있습니다",
    NOT_IN_ORDER: "첫날보다 앞설 수 없습니다",
    TOO_MANY_DAYS: "일 년을 넘을 수 없습니다",
    NOT_A_KEY: "보이는 ASCII 문자 1~128자여야 합니다",
    NOT_YOURSELF: "다른 사람을 골라 주세요",
    ROOM_NEEDS_KEY: "비밀방에는 비밀번호가 필요합니다",
    ROOM_HAS_NO_KEY: "비밀방에만 비밀번호를 정할 수 있습니다",
    CURSOR_OR_OFFSET: "커서와 오프셋 중 하나만 보내 주세요",
    WORD_OF_TWO: "두 글자 이상인 낱말이 있어야 합니다",
    TOO_DEEP: "검색어가 있으면 1000 이하여야 합니다. 그 뒤는 커서로 이어 가세요",
    ROOM_OF_ATTACHMENT: "어느 방에 올릴 파일인지 알려 주세요",
    ONE_OF_THESE: "이 중 하나만 알려 주세요",
    ENDS_BEFORE: "시작이 끝보다 앞서야 합니다",
    OVERLAP: "시간이 겹칩니다",
    NOT_FOR_MEALS: "공부할 때만 고를 수 있습니다",
    NOT_FOR_STUDY: "식사할 때만 고를 수 있습니다",
    NOT_UTF8: "UTF-8이어야 합니다",
    SHOW_OWNER: "비밀번호나, 전화번호 또는 이메일을 인증한 증명을 보내 주세요",
    ONE_CONTACT: "전화번호와 이메일 중 하나만 알려 주세요",
    NO_ROOM: "첨부 파일에만 방을 지정할 수 있습니다",
    REQUIRED: "필수 항목입니다",
    UNKNOWN: "없는 항목입니다",
}
_TYPES: Final = {
    "str": "문자열",
    "int": "정수",
    "float": "숫자",
    "bool": "참 또는 거짓",
    "array": "배열",
    "object": "객체",
    "null": "null",
    "bytes": "바이트",
}
_BOUNDS: Final = {">=": "이상이어야", "<=": "이하여야", ">": "초과여야", "<": "미만이어야"}
_ERRORS: Final = {kind.en: kind.ko for kind in ERRORS.values()}  # where a whole error is about one field


def _types(names: str) -> str:
    """`정수여야`, `문자열이어야`: the ending goes by the last syllable, whether it has a consonant below."""
    said = " 또는 ".join(_TYPES.get(name, name) for name in names.split(" | "))
    ends_open = "가" <= said[-1] <= "힣" and (ord(said[-1]) - ord("가")) % 28 == 0
    return said + ("여야" if ends_open else "이어야")


_PATTERNS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...]] = (
    (re.compile(r"Expected `(.+)`, got `(.+)`"), lambda m: f"{_types(m[1])} 합니다 (받은 값: {_TYPES.get(m[2], m[2])})"),
    (re.compile(r"Expected `str` of length (>=|<=) (\d+)"), lambda m: f"{m[2]}자 {_BOUNDS[m[1]]} 합니다"),
    (re.compile(r"Expected `array` of length (>=|<=) (\d+)"), lambda m: f"{m[2]}개 {_BOUNDS[m[1]]} 합니다"),
    (re.compile(r"Expected `object` of length (>=|<=) (\d+)"), lambda m: f"{m[2]}개 {_BOUNDS[m[1]]} 합니다"),
    (re.compile(r"Expected `\w+` (>=|<=|>|<) (\S+)"), lambda m: f"{m[2]} {_BOUNDS[m[1]]} 합니다"),
    (re.compile(r"Expected `\w+` that's a multiple of (\S+)"), lambda m: f"{m[1]}의 배수여야 합니다"),
    (re.compile(r"Expected `str` matching regex .+"), lambda _: "형식이 맞지 않습니다"),
    (re.compile(r"Invalid enum value (.+)"), lambda m: f"허용되지 않는 값입니다: {m[1]}"),
    (re.compile(r"Invalid value (.+)"), lambda m: f"허용되지 않는 값입니다: {m[1]}"),
    (re.compile(r"JSON is malformed: .+ \(byte (\d+)\)"), lambda m: f"JSON이 아닙니다 ({m[1]}바이트째)"),
    (re.compile(r"Invalid (UUID|base64).*"), lambda _: "형식이 맞지 않습니다"),
)  # fmt: skip


def of(fault: msgspec.ValidationError) -> dict[str, str]:
    """Where and what: `$.interests[2]` of msgspec becomes the field `interests[2]`, `$` the whole."""
    sentence, _, path = str(fault).partition(" - at ")
    where = path.strip("`").removeprefix("$").removeprefix(".")
    if missing := re.fullmatch(r"Object missing required field `(.+)`", sentence):
        return {f"{where}.{missing[1]}".removeprefix("."): REQUIRED}
    if unknown := re.fullmatch(r"Object contains unknown field `(.+)`", sentence, re.DOTALL):
        return {f"{where}.{unknown[1]}".removeprefix("."): UNKNOWN}
    return {where or "$": sentence}


def where_unreadable(fault: Exception) -> dict[str, str]:
    """Where a body stops being JSON, as far as that is known."""
    if isinstance(fault, UnicodeDecodeError):
        return {"$": NOT_UTF8}
    return {"$": str(fault)} if str(fault).startswith("JSON is malformed") else {}


def is_sentence(words: str) -> bool:
    """Whether these are words for people, and not the name of something."""
    return say(words, "ko") != words


def say(sentence: str, language: Language) -> str:
    """`sentence` in the reader's language; as it is when it is not known here."""
    if language != "ko":
        return sentence
    if known := _KOREAN.get(sentence) or _ERRORS.get(sentence):
        return known
    for pattern, korean in _PATTERNS:
        found = pattern.fullmatch(sentence)
        if found:
            return korean(found)
    return sentence
