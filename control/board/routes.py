"""The questions board over HTTP."""

from __future__ import annotations

from common.protocol import Uuid
from common.units import HOURS, MINUTES
from control.board import answering, asking, commenting, liking, listing, reading
from control.board.views import (
    Answer,
    Answers,
    AnswersOf,
    AskQuestion,
    ChangeAnswer,
    ChangeComment,
    ChangeQuestion,
    ChooseBest,
    Comment,
    Comments,
    FirstPageQuery,
    Likes,
    PostPageQuery,
    Question,
    QuestionPage,
    Questions,
    QuestionsQuery,
    WriteAnswer,
    WriteComment,
)
from control.operations import Call, Operations, Rate

operations = Operations(
    "board", "The questions board: ask, answer, comment, like; and choose the answer that helped."
)

_READ = "board.read"
_WRITE = "board.write"
_EDITS = Rate(120, per=1 * HOURS)
_LIKES = Rate(300, per=10 * MINUTES)

# --- questions --------------------------------------------------------------------------------------------------------


@operations.get("/api/v1/questions", permission=_READ)
async def list_questions(call: Call, query: QuestionsQuery) -> Questions:
    """List questions. All of them, or those of a category, a tag (in capitals or not) or a person; the newest first, those
    without an answer, or those that are liked most."""
    return await listing.questions(call.services, call.person.user, query)


@operations.post(
    "/api/v1/questions",
    permission=_WRITE,
    status=201,
    errors=("category_unknown", "attachment_not_found", "question_not_found", "reference_reused"),
    rate=Rate(20, per=1 * HOURS),
)
async def ask_question(call: Call, body: AskQuestion) -> Question:
    """Ask a question. With up to five tags, and four pictures that were uploaded for it."""
    return await asking.ask(call.services, call.person.user, body)


@operations.get("/api/v1/questions/{question}", permission=_READ, errors=("question_not_found",))
async def get_question(call: Call, question: Uuid, query: FirstPageQuery) -> QuestionPage:
    """One question with its answers. The best one stands apart; of the others, what is liked most is first."""
    return await reading.page(call.services, call.person.user, question, query)


@operations.patch(
    "/api/v1/questions/{question}",
    permission=_WRITE,
    errors=("question_not_found", "category_unknown", "attachment_not_found"),
    rate=_EDITS,
)
async def change_question(call: Call, question: Uuid, body: ChangeQuestion) -> Question:
    """Change my question. What is left out stays; pictures that are not named any more are deleted."""
    return await asking.change(call.services, call.person, question, body)


@operations.delete(
    "/api/v1/questions/{question}", permission=_WRITE, errors=("question_not_found", "question_answered")
)
async def remove_question(call: Call, question: Uuid) -> None:
    """Remove a question. My own as long as nobody answered; a moderator of the board removes any, with its answers. What
    was commented goes with it."""
    await asking.remove(call.services, call.person, question)


@operations.put(
    "/api/v1/questions/{question}/best",
    permission=_WRITE,
    errors=("question_not_found", "answer_not_found", "not_oneself", "best_chosen"),
)
async def choose_best_answer(call: Call, question: Uuid, body: ChooseBest) -> None:
    """Choose the best answer to my question. For good: who wrote it is given points at once, of one asker three times in 24
    hours. It cannot be one of my own; to choose it again changes nothing."""
    await answering.choose(call.services, call.person, question, body.answer)


# --- answers ----------------------------------------------------------------------------------------------------------


@operations.get("/api/v1/questions/{question}/answers", permission=_READ, errors=("question_not_found",))
async def list_answers(call: Call, question: Uuid, query: PostPageQuery) -> Answers:
    """List answers. All but the best one, which comes with the question; what is liked most is first."""
    return await reading.answers(call.services, call.person.user, question, query)


@operations.post(
    "/api/v1/questions/{question}/answers",
    permission=_WRITE,
    status=201,
    errors=("question_not_found", "attachment_not_found", "answer_not_found", "reference_reused"),
    rate=Rate(60, per=1 * HOURS),
)
async def answer_question(call: Call, question: Uuid, body: WriteAnswer) -> Answer:
    """Answer a question."""
    return await answering.answer(call.services, call.person.user, question, body)


@operations.patch(
    "/api/v1/answers/{answer}",
    permission=_WRITE,
    errors=("answer_not_found", "attachment_not_found"),
    rate=_EDITS,
)
async def change_answer(call: Call, answer: Uuid, body: ChangeAnswer) -> Answer:
    """Change my answer. What is left out stays; pictures that are not named any more are deleted."""
    return await answering.change(call.services, call.person, answer, body)


@operations.delete(
    "/api/v1/answers/{answer}", permission=_WRITE, errors=("answer_not_found", "answer_chosen")
)
async def remove_answer(call: Call, answer: Uuid) -> None:
    """Remove an answer. My own unless it was chosen; a moderator of the board removes any, and then the asker may choose
    another. What was commented on it goes with it."""
    await answering.remove(call.services, call.person, answer)


@operations.get("/api/v1/people/{person}/answers", permission=_READ)
async def list_answers_of(call: Call, person: Uuid, query: PostPageQuery) -> AnswersOf:
    """List what somebody answered. The newest first, each with the title of its question."""
    return await reading.answers_of(call.services, call.person.user, person, query)


# --- comments ---------------------------------------------------------------------------------------------------------

_COMMENTS = Rate(200, per=1 * HOURS)


@operations.get("/api/v1/questions/{question}/comments", permission=_READ, errors=("question_not_found",))
async def list_comments_on_question(call: Call, question: Uuid, query: PostPageQuery) -> Comments:
    """List the comments on a question. The oldest first, each followed by its replies."""
    return await reading.comments_on_question(call.services, call.person.user, question, query)


@operations.post(
    "/api/v1/questions/{question}/comments",
    permission=_WRITE,
    status=201,
    errors=("question_not_found", "comment_not_found", "comment_too_deep", "reference_reused"),
    rate=_COMMENTS,
)
async def comment_on_question(call: Call, question: Uuid, body: WriteComment) -> Comment:
    """Comment on a question. Or reply to a comment on it: three replies deep at most."""
    return await commenting.comment(call.services, call.person.user, "question", question, body)


@operations.get("/api/v1/answers/{answer}/comments", permission=_READ, errors=("answer_not_found",))
async def list_comments_on_answer(call: Call, answer: Uuid, query: PostPageQuery) -> Comments:
    """List the comments on an answer. The oldest first, each followed by its replies."""
    return await reading.comments_on_answer(call.services, call.person.user, answer, query)


@operations.post(
    "/api/v1/answers/{answer}/comments",
    permission=_WRITE,
    status=201,
    errors=("answer_not_found", "comment_not_found", "comment_too_deep", "reference_reused"),
    rate=_COMMENTS,
)
async def comment_on_answer(call: Call, answer: Uuid, body: WriteComment) -> Comment:
    """Comment on an answer. Or reply to a comment on it: three replies deep at most."""
    return await commenting.comment(call.services, call.person.user, "answer", answer, body)


@operations.patch("/api/v1/comments/{comment}", permission=_WRITE, errors=("comment_not_found",), rate=_EDITS)
async def change_comment(call: Call, comment: Uuid, body: ChangeComment) -> Comment:
    """Change my comment."""
    return await commenting.change(call.services, call.person, comment, body.text)


@operations.delete("/api/v1/comments/{comment}", permission=_WRITE, errors=("comment_not_found",))
async def remove_comment(call: Call, comment: Uuid) -> None:
    """Remove a comment. My own; a moderator of the board removes any. Its place stays as long as somebody replied."""
    await commenting.remove(call.services, call.person, comment)


# --- likes ------------------------------------------------------------------------------------------------------------


@operations.put(
    "/api/v1/questions/{question}/like",
    permission=_WRITE,
    errors=("question_not_found", "not_oneself"),
    rate=_LIKES,
)
async def like_question(call: Call, question: Uuid) -> Likes:
    """Like a question of somebody else. To like it again changes nothing."""
    return await liking.like(call.services, call.person.user, "question", question)


@operations.delete(
    "/api/v1/questions/{question}/like", permission=_WRITE, errors=("question_not_found",), rate=_LIKES
)
async def unlike_question(call: Call, question: Uuid) -> Likes:
    """Like a question no more."""
    return await liking.unlike(call.services, call.person.user, "question", question)


@operations.put(
    "/api/v1/answers/{answer}/like",
    permission=_WRITE,
    errors=("answer_not_found", "not_oneself"),
    rate=_LIKES,
)
async def like_answer(call: Call, answer: Uuid) -> Likes:
    """Like an answer of somebody else. To like it again changes nothing."""
    return await liking.like(call.services, call.person.user, "answer", answer)


@operations.delete(
    "/api/v1/answers/{answer}/like", permission=_WRITE, errors=("answer_not_found",), rate=_LIKES
)
async def unlike_answer(call: Call, answer: Uuid) -> Likes:
    """Like an answer no more."""
    return await liking.unlike(call.services, call.person.user, "answer", answer)


@operations.put(
    "/api/v1/comments/{comment}/like",
    permission=_WRITE,
    errors=("comment_not_found", "not_oneself"),
    rate=_LIKES,
)
async def like_comment(call: Call, comment: Uuid) -> Likes:
    """Like a comment of somebody else. To like it again changes nothing."""
    return await liking.like(call.services, call.person.user, "comment", comment)


@operations.delete(
    "/api/v1/comments/{comment}/like", permission=_WRITE, errors=("comment_not_found",), rate=_LIKES
)
async def unlike_comment(call: Call, comment: Uuid) -> Likes:
    """Like a comment no more."""
    return await liking.unlike(call.services, call.person.user, "comment", comment)
