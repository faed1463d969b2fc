"""What the operations on classes take and give, as Structs. Times are milliseconds since 1970 UTC."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from common.protocol import Uuid
from control.commons.views import CategoryKey
from control.cursor import Cursor
from control.mentors.views import Categories, Count, Rating
from control.once import ClientId
from control.rooms.views import At, Somebody, Title, Until

State = Literal["draft", "open", "closed"]
Standing = Literal["waiting", "registered"]
Order = Literal["newest", "start"]

Description = Annotated[str, Meta(max_length=5000, examples=["인덱스가 왜 빠른지 손으로 그려 봅니다"])]
Part = Annotated[str, Meta(min_length=1, max_length=200, examples=["1주: B-트리"])]
Curriculum = Annotated[list[Part], Meta(max_length=50)]
Question = Annotated[str, Meta(min_length=1, max_length=200, examples=["무엇을 배우고 싶으세요?"])]
Questions = Annotated[list[Question], Meta(max_length=5)]
Answer = Annotated[str, Meta(max_length=1000, examples=["느린 쿼리를 고치고 싶어요"])]
Price = Annotated[int, Meta(ge=0, le=1_000_000, description="Points", examples=[300])]
Capacity = Annotated[int, Meta(ge=1, le=500, examples=[20])]
Stars = Annotated[float, Meta(ge=1, le=5, multiple_of=0.5, description="In halves", examples=[4.5])]
ReviewText = Annotated[str, Meta(max_length=1000, examples=["그림으로 배우니 오래 남아요"])]


class MakeClass(Struct, forbid_unknown_fields=True, kw_only=True):
    """A new class, as a draft. `questions` are answered by whoever registers; `cover` is an upload of mine of that purpose."""

    title: Title
    description: Description = ""
    curriculum: Curriculum = []
    questions: Questions = []
    price: Price
    capacity: Capacity
    starts_at: Until
    cover: Uuid | None = None
    categories: Categories
    client_id: ClientId = None


class ChangeClass(Struct, forbid_unknown_fields=True, kw_only=True):
    """What is to change; what is left out stays. Price and questions are fixed once the class is open."""

    title: Title | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    curriculum: Curriculum | UnsetType = UNSET
    questions: Questions | UnsetType = UNSET
    price: Price | UnsetType = UNSET
    capacity: Capacity | UnsetType = UNSET
    starts_at: Until | UnsetType = UNSET
    cover: Uuid | UnsetType | None = UNSET
    categories: Categories | UnsetType = UNSET


class ListedClass(Struct, kw_only=True):
    """A class as lists show it. `mine`: how I stand to it, if I registered; `rating` is null without reviews."""

    id: Uuid
    mentor: Somebody
    title: Title
    price: Price
    capacity: Capacity
    registered: Count
    waiting: Count
    starts_at: At
    cover: Uuid | None
    categories: Categories
    state: State
    called_off: bool
    unlisted: bool
    opened_at: At | None
    reviews: Count
    rating: Rating | None
    mine: Standing | None


class WriteReview(Struct, forbid_unknown_fields=True, kw_only=True):
    """What I think of a class I went to."""

    stars: Stars
    text: ReviewText = ""


class Class(ListedClass, kw_only=True):
    """A class. `room` is for its mentor and who is registered; `my_review` is what I said of it."""

    description: Description
    curriculum: Curriculum
    questions: Questions
    room: Uuid | None
    my_review: WriteReview | None


class ClassesQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Which page of what can still be registered for: what was opened last first, or what starts soonest."""

    category: CategoryKey | None = None
    by: Order = "newest"
    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 20


class Classes(Struct):
    """A page of classes. `next` is null on the last one."""

    classes: list[ListedClass]
    next: Cursor | None


class Register(Struct, forbid_unknown_fields=True):
    """An answer to each question of the class, in their order. `wait`: on the waiting list, if the class is full."""

    answers: Annotated[list[Answer], Meta(max_length=5)] = []
    wait: bool = False


class Registration(Struct, kw_only=True):
    """How I stand to a class, and what I paid. `room` is where it meets, for who is registered."""

    state: Standing
    answers: list[Answer]
    paid: Price
    asked_at: At
    room: Uuid | None


class RegistrationsQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Which page, of those who are registered or of those who wait."""

    state: Standing = "registered"
    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 50


class Registrant(Struct, kw_only=True):
    """Somebody who registered, with their answers."""

    person: Somebody
    state: Standing
    answers: list[Answer]
    paid: Price
    asked_at: At


class Registrants(Struct):
    """A page of registrations, who came first is first. `next` is null on the last one."""

    registrants: list[Registrant]
    next: Cursor | None


class Unlist(Struct, forbid_unknown_fields=True):
    """Why, for other admins to read."""

    reason: Annotated[str, Meta(min_length=1, max_length=500, examples=["광고입니다"])]


class Review(Struct, kw_only=True):
    """What somebody thinks of a class. `edited_at` is null when it stands as it was first written."""

    person: Somebody
    stars: Stars
    text: ReviewText
    reviewed_at: At
    edited_at: At | None


class Reviews(Struct):
    """A page of reviews, the newest first. `next` is null on the last one."""

    reviews: list[Review]
    next: Cursor | None


class ReviewedClass(Struct):
    """What a review is about."""

    id: Uuid
    title: Title


class MentorReview(Review, kw_only=True):
    """What somebody thinks of one of a mentor's classes. `class` is null where an admin unlisted it."""

    class_: ReviewedClass | None = field(name="class")


class MentorReviews(Struct, kw_only=True):
    """How many reviews a mentor has, their average (null without any), and a page of them, the newest first. `next` is null
    on the last one."""

    count: Count
    rating: Rating | None
    reviews: list[MentorReview]
    next: Cursor | None
