"""What may be said, and done to what was said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chatd.core import rules
from chatd.core.rules import Target
from common import protocol
from common.errors import MadangError
from common.roomlog.marks import DELETED, reaction_by


def said(sender: str = "mina", **marks: int) -> Target:
    return Target({"type": "message", "sender": sender, "seq": 1, "at": 1}, dict(marks))


def refusal(rule: Callable[..., Any], *args: Any) -> str | None:
    """The code a rule answers with; None when it lets pass."""
    try:
        rule(*args)
    except MadangError as refused:
        return refused.code
    return None


@pytest.mark.parametrize(
    "emoji",
    ["👍", "❤️", "❤", "🇰🇷", "1️⃣", "#️⃣", "👨‍👩‍👧‍👦", "👋🏽", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "☺️", "©️", "‼️", "〰️", "㊗️", "🏳️‍🌈",
     "🧑🏽‍🚀", "⏰", "▶️", "🀄", "🫡", "🅰️", "👁️‍🗨️"],
)  # fmt: skip
def test_one_emoji_as_keyboards_offer_them_is_one(emoji: str) -> None:
    assert refusal(rules.emoji, emoji) is None


@pytest.mark.parametrize(
    "text",
    ["a", "1", "#", "가", "中", "!", "👍👍", " ", "👍 ", "❤️a", "\u200d", "\ufe0f", "\u2060", "\u202e", "👍\n", "㈀", "$", ".",
     "👩‍" * 5 + "👩"],
)  # fmt: skip
def test_anything_else_is_none(text: str) -> None:
    assert refusal(rules.emoji, text) == "invalid"


def test_a_text_has_something_to_say_and_an_end() -> None:
    assert refusal(rules.text, "well") is None
    assert refusal(rules.text, "흙" * protocol.MAX_TEXT) is None
    assert refusal(rules.text, "흙" * (protocol.MAX_TEXT + 1)) == "text_too_long"
    assert refusal(rules.text, " \n\u3000") == "text_empty"


def test_what_carries_something_need_not_say_anything() -> None:
    assert refusal(rules.text, "", "image") is None
    assert refusal(rules.text, "흙" * (protocol.MAX_TEXT + 1), "image") == "text_too_long"


def test_a_text_carries_nothing_and_every_other_kind_something() -> None:
    assert refusal(rules.carried, "text", []) is None
    assert refusal(rules.carried, "text", ["a"]) == "invalid"
    for kind in ("image", "file", "audio"):
        assert refusal(rules.carried, kind, ["a"]) is None
        assert refusal(rules.carried, kind, []) == "invalid"


def test_files_are_of_the_kind_they_are_sent_as() -> None:
    picture, sound = (
        protocol.Attachment(id="a", name="a", media_type=media, size=1)
        for media in ("image/webp", "audio/ogg")
    )
    assert refusal(rules.of_kind, "image", [picture, picture]) is None
    assert refusal(rules.of_kind, "audio", [sound]) is None
    assert refusal(rules.of_kind, "file", [picture, sound]) is None
    assert refusal(rules.of_kind, "image", [picture, sound]) == "invalid"
    assert refusal(rules.of_kind, "audio", [picture]) == "invalid"


@pytest.mark.parametrize(("role", "code"), [("owner", None), ("moderator", None), ("member", "forbidden")])
def test_everybody_is_called_and_old_words_are_seen_by_moderators_only(role: str, code: str | None) -> None:
    assert refusal(rules.mention_all, role) == code
    assert refusal(rules.see_edits, role) == code


def test_who_is_mentioned_though_no_member_is_named() -> None:
    assert refusal(rules.mentioned, ["mina", "jun"], {"mina", "jun", "noor"}) is None
    with pytest.raises(MadangError) as refused:
        rules.mentioned(["mina", "zoe", "abe"], {"mina"})
    assert refused.value.fields == {"mentions": "abe, zoe"}


def test_what_is_spoken_of_is_a_message_that_is_there() -> None:
    assert rules.there(said()) == said()
    assert refusal(rules.there, None) == "message_not_found"
    assert refusal(rules.there, Target({"type": "member"}, {})) == "message_not_found"
    assert refusal(rules.there, said(**{DELETED: 9})) == "message_deleted"


@pytest.mark.parametrize(
    ("user", "role", "edit", "delete"),
    [
        ("mina", "member", None, None),
        ("jun", "member", "forbidden", "forbidden"),
        ("jun", "moderator", "forbidden", None),
        ("jun", "owner", "forbidden", None),
    ],
)
def test_words_are_changed_by_who_said_them_and_taken_back_by_moderators_too(
    user: str, role: str, edit: str | None, delete: str | None
) -> None:
    assert refusal(rules.edit, said(), user) == edit
    assert refusal(rules.delete, said(), user, role) == delete


def emoji(count: int, start: int = 0x1F600) -> list[str]:
    return [chr(start + number) for number in range(count)]


def test_a_message_holds_so_many_different_emoji() -> None:
    full = said(**{reaction_by(each, "jun"): 2 * seq + 1 for seq, each in enumerate(emoji(20), 2)})
    assert refusal(rules.react, full, "👍", []) == "too_many_reactions"
    assert refusal(rules.react, full, emoji(1)[0], []) is None, "one that is there already is no new one"
    almost = said(**{reaction_by(each, "jun"): 2 * seq + 1 for seq, each in enumerate(emoji(19), 2)})
    assert refusal(rules.react, almost, "👍", []) is None
    assert refusal(rules.react, almost, "👍", ["❤️"]) == "too_many_reactions", "what is on its way counts"
    assert refusal(rules.react, almost, "👍", ["👍"]) is None


def test_what_was_taken_off_leaves_room() -> None:
    taken = said(**{reaction_by(each, "jun"): 2 * seq for seq, each in enumerate(emoji(20), 2)})
    assert refusal(rules.react, taken, "👍", []) is None


@pytest.mark.parametrize(
    ("role", "kind", "code"),
    [
        ("owner", "group", None),
        ("moderator", "class", None),
        ("member", "group", "forbidden"),
        ("member", "direct", None),
    ],
)
def test_pins_are_for_moderators_and_for_both_of_a_direct_room(
    role: str, kind: str, code: str | None
) -> None:
    assert refusal(rules.may_pin, role, kind) == code


def test_a_room_holds_so_many_pins() -> None:
    pinned = range(1, 51)
    assert refusal(rules.pin, 51, pinned, []) == "too_many_pins"
    assert refusal(rules.pin, 50, pinned, []) is None
    assert refusal(rules.pin, 50, range(1, 50), []) is None
    assert refusal(rules.pin, 50, range(1, 50), [99]) == "too_many_pins"
