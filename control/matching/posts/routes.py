"""Posts that look for company over HTTP."""

from __future__ import annotations

from common.protocol import Uuid
from common.units import HOURS, MINUTES
from control.matching.posts import commenting, confirming, joining, reading, writing
from control.matching.posts.views import (
    ChangePost,
    ChangePostComment,
    Post,
    PostComment,
    PostComments,
    Posts,
    PostsQuery,
    WritePost,
    WritePostComment,
)
from control.matching.posts.writing import MODERATES
from control.operations import Call, Operations, Rate
from control.rooms.views import PageQuery

operations = Operations(
    "posts", "Posts that look for company, to study or to eat: written, joined, and confirmed into a match."
)

_READ = "match.read"
_TAKE_PART = "match.join"
_ACTS = Rate(60, per=1 * MINUTES)
_ENDED = ("post_cancelled", "post_confirmed", "post_over")


@operations.post(
    "/api/v1/posts",
    permission=_TAKE_PART,
    status=201,
    errors=("condition_unknown", "too_many_posts", "post_not_found", "reference_reused"),
    rate=Rate(20, per=1 * HOURS),
)
async def write_post(call: Call, body: WritePost) -> Post:
    """Write a post. I am the first of its people. Up to 20 of mine are open at once."""
    return await writing.write(call.services, call.person.user, body)


@operations.get("/api/v1/posts", permission=_READ)
async def list_posts(call: Call, query: PostsQuery) -> Posts:
    """List posts. All of them or those of a category and with conditions; what was written last first, or what meets soonest.
    Posts of whom I blocked are left out, but for anonymous ones."""
    return await reading.posts(call.services, call.person.user, query)


@operations.get("/api/v1/me/posts", permission=_READ)
async def list_my_posts(call: Call, query: PageQuery) -> Posts:
    """List my posts. Those that I wrote and those that I am in, whatever became of them; the newest first."""
    return await reading.mine(call.services, call.person.user, query)


@operations.get("/api/v1/posts/{post}", permission=_READ, errors=("post_not_found",))
async def get_post(call: Call, post: Uuid) -> Post:
    """One post. What was cancelled is there for who is in it."""
    return await reading.one(call.services, call.person.user, post)


@operations.patch(
    "/api/v1/posts/{post}",
    permission=_TAKE_PART,
    errors=("post_not_found", "post_not_yours", *_ENDED, "condition_unknown", "capacity_below_joined"),
    rate=_ACTS,
)
async def change_post(call: Call, post: Uuid, body: ChangePost) -> Post:
    """Change a post of mine, as long as it is open. Who is in it hears of that."""
    return await writing.change(call.services, call.person.user, post, body)


@operations.post(
    "/api/v1/posts/{post}/cancel",
    permission=_TAKE_PART,
    errors=("post_not_found", "post_not_yours", "post_confirmed", "post_over"),
    rate=_ACTS,
)
async def cancel_post(call: Call, post: Uuid) -> None:
    """Cancel a post of mine; a moderator of the board cancels any. To cancel it again changes nothing."""
    await writing.cancel(call.services, call.person, post)


@operations.delete("/api/v1/posts/{post}", permission=MODERATES, errors=("post_not_found",))
async def remove_post(call: Call, post: Uuid) -> None:
    """Take a post away, whatever became of it. For moderators of the board: nothing is left of its words and its comments, and
    no list has it. Where people have met, they have; their match and its room are called so no more. Again changes nothing."""
    await writing.remove(call.services, call.person.user, post)


@operations.post(
    "/api/v1/posts/{post}/join",
    permission=_TAKE_PART,
    errors=("post_not_found", "post_own", *_ENDED, "post_joined", "blocked_by_me", "post_full"),
    rate=_ACTS,
)
async def join_post(call: Call, post: Uuid) -> Post:
    """Join a post. As long as there is a place left."""
    return await joining.join(call.services, call.person.user, post)


@operations.post(
    "/api/v1/posts/{post}/leave",
    permission=_TAKE_PART,
    errors=("post_not_found", "post_own", *_ENDED, "post_not_joined"),
    rate=_ACTS,
)
async def leave_post(call: Call, post: Uuid) -> None:
    """Leave a post that I joined, as long as it is open. Of a match nobody takes leave, but of its room."""
    await joining.leave(call.services, call.person.user, post)


@operations.post(
    "/api/v1/posts/{post}/confirm",
    permission=_TAKE_PART,
    errors=("post_not_found", "post_not_yours", *_ENDED, "post_too_few"),
    rate=_ACTS,
)
async def confirm_post(call: Call, post: Uuid) -> Post:
    """Confirm a post of mine, with two people or more. They are a match from then on, in a room of theirs, and know each
    other's names; each of them hears of it at once."""
    return await confirming.confirm(call.services, call.person.user, post)


# --- comments ---------------------------------------------------------------------------------------------------------


@operations.get("/api/v1/posts/{post}/comments", permission=_READ, errors=("post_not_found",))
async def list_post_comments(call: Call, post: Uuid, query: PageQuery) -> PostComments:
    """List the comments on a post. The oldest first."""
    return await commenting.comments(call.services, call.person.user, post, query)


@operations.post(
    "/api/v1/posts/{post}/comments",
    permission=_TAKE_PART,
    status=201,
    errors=("post_not_found", *_ENDED, "blocked_by_me", "comment_not_found", "reference_reused"),
    rate=_ACTS,
)
async def comment_on_post(call: Call, post: Uuid, body: WritePostComment) -> PostComment:
    """Comment on a post, as long as it is open. Who is in it hears of that."""
    return await commenting.comment(call.services, call.person.user, post, body)


@operations.patch(
    "/api/v1/posts/{post}/comments/{comment_id}",
    permission=_TAKE_PART,
    errors=("post_not_found", "comment_not_found", *_ENDED),
    rate=_ACTS,
)
async def change_post_comment(
    call: Call, post: Uuid, comment_id: Uuid, body: ChangePostComment
) -> PostComment:
    """Change a comment of mine, as long as the post is open."""
    return await commenting.change(call.services, call.person.user, post, comment_id, body)


@operations.delete(
    "/api/v1/posts/{post}/comments/{comment_id}",
    permission=_TAKE_PART,
    errors=("post_not_found", "comment_not_found"),
    rate=_ACTS,
)
async def remove_post_comment(call: Call, post: Uuid, comment_id: Uuid) -> None:
    """Take a comment of mine back, at any time; a moderator of the board takes any away."""
    await commenting.remove(call.services, call.person, post, comment_id)
