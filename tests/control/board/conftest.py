"""People who ask and answer."""

from __future__ import annotations

from typing import Any

from tests.control.rooms.conftest import Guest, Json, good, guests, news

__all__ = ["answer", "ask", "comment", "guests", "news", "page"]


async def ask(
    guest: Guest, title: str = "트리오란?", text: str = "어디서부터 볼까요?", **wanted: Any
) -> Json:
    """A new question."""
    return good(
        await guest.http.post("/api/v1/questions", json={"title": title, "text": text, **wanted}), 201
    )


async def answer(guest: Guest, question: Json, text: str = "문서부터 보세요.", **wanted: Any) -> Json:
    """A new answer to it."""
    path = f"/api/v1/questions/{question['id']}/answers"
    return good(await guest.http.post(path, json={"text": text, **wanted}), 201)


async def comment(guest: Guest, post: Json, text: str = "고맙습니다", parent: Json | None = None) -> Json:
    """A new comment on a question or an answer, or a reply to one there."""
    body = {"text": text, **({"parent": parent["id"]} if parent else {})}
    return good(await guest.http.post(f"{path_of(post)}/comments", json=body), 201)


async def page(guest: Guest, question: Json, **query: Any) -> Json:
    """A question with its answers."""
    return good(await guest.http.get(path_of(question), params=query))


def path_of(post: Json) -> str:
    """Where a question or an answer is served."""
    return f"/api/v1/{'answers' if 'question' in post else 'questions'}/{post['id']}"
