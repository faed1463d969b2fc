"""What the operations on posts take and give, as Structs. Times are milliseconds since 1970 UTC."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from common.protocol import MatchCategory, Uuid
from control.cursor import Cursor
from control.matching.conditions.views import Kind, Place, Way
from control.mentors.views import Count
from control.once import ClientId
from control.rooms.views import At, Somebody, SoughtText, Title, Until

MOST_CHOSEN: Final = 3  # conditions of a list: the database's check is the same

State = Literal["open", "confirmed", "cancelled", "over"]
Order = Literal["newest", "soonest"]
Mine = Literal["author", "joined"]

PostText = Annotated[str, Meta(max_length=2000, examples=["강 건너 그 집에서 점심 같이 먹어요"])]
PostTitle = Annotated[Title, Meta(examples=["국밥 먹으러 가요"])]
Capacity = Annotated[int, Meta(ge=2, le=20, description="People, the author being one of them", examples=[4])]
Places = Annotated[list[Place], Meta(max_length=MOST_CHOSEN)]
Ways = Annotated[list[Way], Meta(max_length=MOST_CHOSEN, description="Of a meal")]
Kinds = Annotated[list[Kind], Meta(max_length=MOST_CHOSEN, description="Of a study")]
CommentText = Annotated[str, Meta(min_length=1, max_length=1000, examples=["조금 늦어도 되나요?"])]
Limit = Annotated[int, Meta(ge=1, le=100)]


class WritePost(Struct, forbid_unknown_fields=True, kw_only=True):
    """A new post. `meets_at` is at most 90 days ahead. Whether it is `anonymous`, and its category, are fixed for good."""

    category: MatchCategory
    title: PostTitle
    text: PostText = ""
    anonymous: bool = False
    capacity: Capacity
    meets_at: Until
    places: Places = []
    ways: Ways = []
    kinds: Kinds = []
    client_id: ClientId = None


class ChangePost(Struct, forbid_unknown_fields=True, kw_only=True):
    """What is to change; what is left out stays."""

    title: PostTitle | UnsetType = UNSET
    text: PostText | UnsetType = UNSET
    capacity: Capacity | UnsetType = UNSET
    meets_at: Until | UnsetType = UNSET
    places: Places | UnsetType = UNSET
    ways: Ways | UnsetType = UNSET
    kinds: Kinds | UnsetType = UNSET


class PostPerson(Struct, kw_only=True):
    """Somebody at a post. `mark` is 0 for its author and a number for everybody else, the same wherever they show up there;
    `me`: it is I. `person` is null where the post is anonymous, but for those who are in its match together."""

    mark: Annotated[int, Meta(ge=0, examples=[2])]
    me: bool
    person: Somebody | None


class ListedPost(Struct, kw_only=True):
    """A post as lists show it. `people` is how many are in it; `mine`: how I am. From `meets_at` on one that
    was open is over."""

    id: Uuid
    category: MatchCategory
    title: PostTitle
    anonymous: bool
    author: PostPerson
    capacity: Capacity
    people: Count
    comments: Count
    places: Places
    ways: Ways
    kinds: Kinds
    meets_at: At
    state: State
    posted_at: At
    edited_at: At | None
    mine: Mine | None


class PostMatch(Struct):
    """What became of a post, and the room of its people."""

    id: Uuid
    room: Uuid


class Post(ListedPost, kw_only=True):
    """A post. `joined` is who is in it, who came first is first; `match` is for them."""

    text: PostText
    joined: list[PostPerson]
    match: PostMatch | None


class PostsQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Which page of which posts: `place`, and `way` or `kind`, are conditions that they have; `open`: only those that are neither
    confirmed nor over; `text`: that have all its words, each anywhere inside a word. From `since`, before `until`: when they
    meet; with either, what meets soonest is first."""

    category: MatchCategory | None = None
    place: Place | None = None
    way: Way | None = None
    kind: Kind | None = None
    open: bool = True
    text: SoughtText | None = None
    by: Order = "newest"
    since: Until | None = None
    until: Until | None = None
    cursor: Cursor | None = None
    limit: Limit = 20


class Posts(Struct):
    """A page of posts. `next` is null on the last one."""

    posts: list[ListedPost]
    next: Cursor | None


class WritePostComment(Struct, forbid_unknown_fields=True):
    """What to say."""

    text: CommentText
    client_id: ClientId = None


class ChangePostComment(Struct, forbid_unknown_fields=True):
    """What it shall say."""

    text: CommentText


class PostComment(Struct, kw_only=True):
    """What somebody said below a post. `folded`: I blocked them, and the post is not anonymous."""

    id: Uuid
    by: PostPerson
    text: CommentText
    commented_at: At
    edited_at: At | None
    folded: bool


class PostComments(Struct):
    """A page of comments, the oldest first. `next` is null on the last one."""

    comments: list[PostComment]
    next: Cursor | None
