"""What may be said, and done to what was said: the rules of messages and their changes.

Each rule takes what is known and raises MadangError for what is not allowed. It knows neither where that came from nor
what happens next. Two who act at the same moment on two replicas may both be let through: what both did is in the log
then, and marks (`common.roomlog.marks`) say what counts. Only what is limited in number is asked again before it has its
place (`chatd.coming`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, Final, NamedTuple

from common import protocol
from common.errors import MadangError
from common.roomlog import marks
from common.roomlog.marks import Marks

MODERATORS: Final = frozenset({"owner", "moderator"})

# A flag, a keycap, or a picture with its colour and what is joined to it (UTS #51, without the tables): what a phone's
# keyboard offers as one emoji. Letters, digits alone, spaces and controls are none.
_PICTURE: Final = (
    r"[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25a0-\u27bf"
    r"\u2900-\u297f\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
_COLOURED: Final = rf"{_PICTURE}\ufe0f?[\U0001f3fb-\U0001f3ff]?"
_EMOJI: Final = re.compile(
    r"[\U0001f1e6-\U0001f1ff]{2}"
    r"|[0-9#*]\ufe0f?\u20e3"
    rf"|{_COLOURED}(?:[\U000e0020-\U000e007e]+\U000e007f)?(?:\u200d{_COLOURED})*"
)


class Target(NamedTuple):
    """The message a command is about: its event, and what it was marked with."""

    event: Mapping[str, Any]
    marks: Marks

    @property
    def deleted(self) -> bool:
        return marks.DELETED in self.marks


def text(said: str, kind: str = "text") -> None:
    """What a message says; nothing only beside what it carries: `text_too_long`, `text_empty`."""
    if len(said) > protocol.MAX_TEXT:
        raise MadangError("text_too_long", fields={"text": f"at most {protocol.MAX_TEXT} characters"})
    if kind == "text" and not said.strip():
        raise MadangError("text_empty")


def carried(kind: protocol.Kind, uploads: Collection[str]) -> None:
    """A text carries nothing, any other kind something: `invalid`."""
    if (kind == "text") == bool(uploads):
        fault = "none with the kind text" if kind == "text" else f"one at least with the kind {kind}"
        raise MadangError("invalid", fields={"attachments": fault})


def of_kind(kind: protocol.Kind, attachments: Collection[protocol.Attachment]) -> None:
    """Pictures are sent as pictures, sounds as sounds, and anything as files: `invalid`."""
    if kind != "file" and any(not each.media_type.startswith(f"{kind}/") for each in attachments):
        raise MadangError("invalid", fields={"kind": f"not all of this is {kind}"})


def mention_all(role: str) -> None:
    """To call everybody is for moderators: `forbidden`."""
    if role not in MODERATORS:
        raise MadangError("forbidden", fields={"mention_all": "moderators only"})


def mentioned(asked: Collection[str], members: Collection[str]) -> None:
    """Only members are mentioned: `mention_not_member`, naming the others."""
    strangers = sorted(set(asked) - set(members))
    if strangers:
        raise MadangError("mention_not_member", fields={"mentions": ", ".join(strangers)})


def there(target: Target | None) -> Target:
    """What is spoken of is a message of this room that one may see, and is not deleted: `message_not_found`, `message_deleted`."""
    if target is None or target.event["type"] != "message":
        raise MadangError("message_not_found")
    if target.deleted:
        raise MadangError("message_deleted")
    return target


def edit(target: Target, user: str) -> None:
    """Words are changed by who said them: `forbidden`."""
    if target.event["sender"] != user:
        raise MadangError("forbidden")


def delete(target: Target, user: str, role: str) -> None:
    """A message is taken back by who said it, or by a moderator: `forbidden`."""
    if target.event["sender"] != user and role not in MODERATORS:
        raise MadangError("forbidden")


def see_edits(role: str) -> None:
    """What a message said before is for moderators: `forbidden`."""
    if role not in MODERATORS:
        raise MadangError("forbidden")


def emoji(said: str) -> None:
    """One emoji, of `MAX_EMOJI` bytes at most: `invalid`."""
    if len(said.encode()) > protocol.MAX_EMOJI or not _EMOJI.fullmatch(said):
        raise MadangError("invalid", fields={"emoji": f"one emoji of at most {protocol.MAX_EMOJI} bytes"})


def react(target: Target, said: str, coming: Collection[str]) -> None:
    """`MAX_EMOJIS` different emoji on a message, those on their way (`coming`) included: `too_many_reactions`."""
    others = {*marks.reactions(target.marks), *coming} - {said}
    if len(others) >= protocol.MAX_EMOJIS:
        raise MadangError("too_many_reactions")


def may_pin(role: str, kind: str) -> None:
    """Pins are for moderators, and for both in a direct room: `forbidden`."""
    if role not in MODERATORS and kind != "direct":
        raise MadangError("forbidden")


def pin(of: int, pinned: Collection[int], coming: Collection[int]) -> None:
    """`MAX_PINS` in a room, those on their way (`coming`) included: `too_many_pins`."""
    if len({*pinned, *coming} - {of}) >= protocol.MAX_PINS:
        raise MadangError("too_many_pins")
