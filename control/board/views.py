"""What the operations of the board take and give, as Structs. Times are milliseconds since 1970 UTC."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from common.protocol import Uuid
from control.commons.views import CategoryKey
from control.cursor import Cursor
from control.once import ClientId

DEEPEST: Final = 3  # replies one below the other, under a comment
EXCERPT: Final = 200  # characters of a question that lists show

At = Annotated[int, Meta(description="Milliseconds since 1970 UTC", examples=[1767225600000])]
Title = Annotated[str, Meta(min_length=1, max_length=100, examples=["트리오에서 작업을 취소하려면?"])]
Text = Annotated[str, Meta(min_length=1, max_length=10_000, examples=["move_on_after로 감싸면 되나요?"])]
CommentText = Annotated[str, Meta(min_length=1, max_length=1_000, examples=["어느 버전인가요?"])]
Tag = Annotated[str, Meta(min_length=1, max_length=20, examples=["파이썬"])]
Tags = Annotated[list[Tag], Meta(max_length=5)]
Pictures = Annotated[
    list[Uuid], Meta(max_length=4, description="Confirmed uploads of mine for the purpose post_image")
]
Count = Annotated[int, Meta(ge=0)]
Nickname = Annotated[str, Meta(examples=["아린"])]
Limit = Annotated[int, Meta(ge=1, le=100)]


class AskQuestion(Struct, forbid_unknown_fields=True, kw_only=True):
    """A question."""

    title: Title
    text: Text
    category: CategoryKey | None = None
    tags: Tags = []
    pictures: Pictures = []
    client_id: ClientId = None


class ChangeQuestion(Struct, forbid_unknown_fields=True, kw_only=True):
    """What is to change; what is left out stays."""

    title: Title | UnsetType = UNSET
    text: Text | UnsetType = UNSET
    category: CategoryKey | UnsetType | None = UNSET
    tags: Tags | UnsetType = UNSET
    pictures: Pictures | UnsetType = UNSET


class WriteAnswer(Struct, forbid_unknown_fields=True, kw_only=True):
    """An answer."""

    text: Text
    pictures: Pictures = []
    client_id: ClientId = None


class ChangeAnswer(Struct, forbid_unknown_fields=True, kw_only=True):
    """What is to change; what is left out stays."""

    text: Text | UnsetType = UNSET
    pictures: Pictures | UnsetType = UNSET


class ChooseBest(Struct, forbid_unknown_fields=True):
    """The answer that helped."""

    answer: Uuid


class WriteComment(Struct, forbid_unknown_fields=True, kw_only=True):
    """A comment; with `parent`, a reply to another one on the same post."""

    text: CommentText
    parent: Uuid | None = None
    client_id: ClientId = None


class ChangeComment(Struct, forbid_unknown_fields=True):
    """What it shall say."""

    text: CommentText


class Author(Struct, kw_only=True):
    """Who wrote it, and whether that is a mentor. `avatar` is an upload."""

    id: Uuid
    nickname: Nickname
    mentor: bool
    avatar: Uuid | None


class Likes(Struct):
    """How many like it, and whether I do."""

    likes: Count
    liked: bool


class QuestionCard(Struct, kw_only=True):
    """What is shown of a question everywhere. `best`: the answer that was chosen. `folded`: I blocked who wrote it."""

    id: Uuid
    author: Author
    title: Title
    category: CategoryKey | None
    tags: list[Tag]
    best: Uuid | None
    answers: Count
    comments: Count
    likes: Count
    liked: bool
    folded: bool
    asked_at: At
    edited_at: At | None


class ListedQuestion(QuestionCard, kw_only=True):
    """A question of a list, with the beginning of what it says."""

    excerpt: Annotated[str, Meta(max_length=EXCERPT)]


class Question(QuestionCard, kw_only=True):
    """A question."""

    text: Text
    pictures: list[Uuid]


class Answer(Struct, kw_only=True):
    """An answer. `best`: whether it was chosen. `folded`: I blocked who wrote it."""

    id: Uuid
    question: Uuid
    author: Author
    text: Text
    pictures: list[Uuid]
    best: bool
    comments: Count
    likes: Count
    liked: bool
    folded: bool
    answered_at: At
    edited_at: At | None


class Comment(Struct, kw_only=True):
    """A comment. The page goes down the tree: below a comment of some `depth` stand its replies, one deeper. Of a `removed`
    one nothing is left but its place."""

    id: Uuid
    parent: Uuid | None
    depth: Annotated[int, Meta(ge=0, le=DEEPEST)]
    author: Author | None
    text: str
    removed: bool
    likes: Count
    liked: bool
    folded: bool
    commented_at: At
    edited_at: At | None


class QuestionsQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Which list: all questions, or those of one category, one tag or one person; and in which order."""

    order: Annotated[
        Literal["newest", "unanswered", "liked"],
        Meta(description="`unanswered` are the newest of those without an answer"),
    ] = "newest"
    category: CategoryKey | None = None
    tag: Tag | None = None
    author: Uuid | None = None
    cursor: Cursor | None = None
    limit: Limit = 20


class Questions(Struct):
    """A page of questions. `next` is null on the last one."""

    questions: list[ListedQuestion]
    next: Cursor | None


class PostPageQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Which page."""

    cursor: Cursor | None = None
    limit: Limit = 20


class FirstPageQuery(Struct, forbid_unknown_fields=True):
    """How many answers to show at once."""

    limit: Limit = 20


class QuestionPage(Struct, kw_only=True):
    """A question with its answers: the best one, if it was chosen, and the first of the others. `next` leads to the rest."""

    question: Question
    best: Answer | None
    answers: list[Answer]
    next: Cursor | None


class Answers(Struct):
    """A page of answers, what is liked most is first. `next` is null on the last one."""

    answers: list[Answer]
    next: Cursor | None


class AnsweredQuestion(Struct, kw_only=True):
    """An answer of somebody, and what was asked."""

    title: Title
    answer: Answer


class AnswersOf(Struct):
    """A page of what somebody answered, the newest first. `next` is null on the last one."""

    answers: list[AnsweredQuestion]
    next: Cursor | None


class Comments(Struct):
    """A page of comments, the oldest first, each followed by its replies. `next` is null on the last one."""

    comments: list[Comment]
    next: Cursor | None
