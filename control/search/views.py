"""What a search takes and gives, as Structs."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct, field

from common.protocol import Uuid
from control.board.views import ListedQuestion
from control.classes.views import ListedClass
from control.mentors.views import Mentor
from control.rooms.views import ListedRoom

MOST: Final = 100  # hits
SUGGESTED: Final = 10

Kind = Literal["room", "question", "mentor", "class"]


class SearchQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """What is sought, among all kinds or one."""

    text: Annotated[str, Meta(min_length=2, max_length=100, examples=["한강 달리기"])]
    kind: Kind | None = None
    limit: Annotated[int, Meta(ge=1, le=MOST)] = 20


class SuggestQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """What was typed so far, and for which kind if not for all."""

    text: Annotated[str, Meta(min_length=1, max_length=100, examples=["한ㄱ"])]
    kind: Kind | None = None


class RoomHit(Struct, tag_field="kind", tag="room"):
    """A room that anybody can walk into."""

    room: ListedRoom


class QuestionHit(Struct, tag_field="kind", tag="question"):
    """A question of the board."""

    question: ListedQuestion


class MentorHit(Struct, tag_field="kind", tag="mentor"):
    """A mentor."""

    mentor: Mentor


class ClassHit(Struct, tag_field="kind", tag="class"):
    """A class that one can still register for."""

    class_: ListedClass = field(name="class")


Hit = RoomHit | QuestionHit | MentorHit | ClassHit


class Hits(Struct):
    """What was found, the best first."""

    hits: list[Hit]


class Suggestion(Struct):
    """The title of something that what was typed leads to."""

    kind: Kind
    id: Uuid
    title: Annotated[str, Meta(examples=["한강 달리기"])]


class Suggestions(Struct):
    """Ten at most, the best first."""

    suggestions: list[Suggestion]
