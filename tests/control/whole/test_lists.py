"""Every list costs the same however long it is: as many statements for three times the rows, each served by an index.

Lists are found in the table of operations; one that nobody fills here fails by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import msgspec
import pytest
from msgspec import inspect

from common.ids import uuid7
from common.roomlog.position import MessageBody, PinBody
from control.operations import PUBLIC, Document, Operation
from tests.control.whole.conftest import OPERATIONS, opened_playground
from tests.support.makers import MAKERS, match_of, post_of, soon
from tests.support.playground import Json, Playground, good
from tests.support.scenes import Scene
from tests.support.services import Services
from tests.support.statements import Asked, Plan, listening, name_of, prepare, read_whole, sorts

NO_LISTS: Final = {
    "enums": "from memory",
    "list_categories": "from memory",
    "list_conditions": "from memory",
    "list_random_applications": "two, one of each category; tests/control/matching looks at its plan",
    "list_providers": "from memory",
    "list_my_badges": "all badges, 200 at most; tests/control/badges looks at its statements",
    "list_all_badges": "as list_my_badges",
    "read_outbox": "of development; from Redis, at once",
    "jwks": "two keys, or three",
    "get_record": "the days of a period, and no more; tests/control/records looks at its plan",
    "get_mentor": "one mentor, who has hours",
    "get_post": "one post, whose people are twenty at most",
    "get_match": "one match, whose people are twenty at most",
    "search": "a ranking, by a bitmap and no order; tests/control/search looks at its plans and statements",
    "suggest": "as search",
}

FEW: Final = 3


def items_of(operation: Operation) -> str | None:
    """The field of a list's answer that holds its rows."""
    if operation.method != "GET" or operation.result in {None, Document} or operation.name in NO_LISTS:
        return None
    info = inspect.type_info(operation.result)
    assert isinstance(info, inspect.StructType)
    rows = [each.encode_name for each in info.fields if _is_list_of_structs(each.type)]
    return rows[0] if rows else None


def _is_list_of_structs(info: inspect.Type) -> bool:
    inner = info.type if isinstance(info, inspect.Metadata) else info
    return isinstance(inner, inspect.ListType) and isinstance(
        inner.item_type, inspect.StructType | inspect.UnionType
    )


def asks(operation: Operation, name: str) -> bool:
    """Whether a list can be asked for with this."""
    return operation.query is not None and name in operation.query.__struct_fields__


LISTS: Final = {operation.name: operation for operation in OPERATIONS if items_of(operation)}

# --- one more row -----------------------------------------------------------------------------------------------------

FILLERS: Final[dict[str, Callable[[Scene, int], Any]]] = {}
QUERIES: Final[dict[str, Callable[[list[Any]], Json]]] = {  # where what is asked depends on what was added
    "list_people": lambda ids: {"ids": ",".join(ids)},
    "search_room": lambda _: {"text": "저녁"},
    "get_counters": lambda added: {"since": str(date.today() - timedelta(days=len(added)))},
}


def fills(*names: str) -> Callable[[Callable[[Scene, int], Any]], Callable[[Scene, int], Any]]:
    """Lists that a function makes one row longer: the `n`th of the owner of a scene."""

    def put(fn: Callable[[Scene, int], Any]) -> Callable[[Scene, int], Any]:
        FILLERS.update(dict.fromkeys(names, fn))
        return fn

    return put


@fills("list_people", "find_people", "get_counters")
def _person(scene: Scene, _: int) -> str:
    return scene.playground.person().id


@fills("list_avatars")
def _avatar(scene: Scene, _: int) -> None:
    add = (
        "WITH sent AS (INSERT INTO uploads (id, owner_id, purpose, name, media_type, size)"
        " VALUES (uuidv7(), $1, 'avatar', '나.png', 'image/png', 1) RETURNING id, owner_id)"
        " INSERT INTO avatars SELECT id, owner_id, now() FROM sent"
    )
    scene.playground.sql(add, scene.make("person"))


@fills("list_notices")
def _notice(scene: Scene, n: int) -> None:
    words = {"title": f"점검 {n}", "text": "새벽에"}
    scene.admin.post("/api/v1/admin/notices", {"ko": words, "en": words, "pinned": n % 2 == 0})


@fills("list_sessions")
def _session(scene: Scene, n: int) -> None:
    statement = "INSERT INTO sessions (user_id, device, address, expires_at) VALUES ($1, $2, '::1', now() + interval '1 day')"
    scene.playground.sql(statement, scene.owner.id, f"휴대폰 {n}")


@fills("list_identities")
def _identity(scene: Scene, n: int) -> None:
    """Of four providers; the fifth and later ones are another person's."""
    names = ("kakao", "google", "naver", "42")
    statement = "INSERT INTO identities (provider, subject, user_id, linked_at) VALUES ($1, $2, $3, now())"
    if n < len(names):
        scene.playground.sql(statement, names[n], f"{scene.owner.id}{n}", scene.owner.id)


@fills("list_avatars")
def _avatar(scene: Scene, n: int) -> None:
    statement = """
        WITH sent AS (
            INSERT INTO uploads (id, owner_id, purpose, name, media_type, size, confirmed_at)
            VALUES (uuidv7(), $1, 'avatar', '나.png', 'image/png', 100, now()) RETURNING id
        )
        INSERT INTO avatars (upload_id, user_id, since) SELECT id, $1, now() + $2 * interval '1 s' FROM sent
    """
    scene.playground.sql(statement, scene.make("person"), n)


@fills("list_stays")
def _stay(scene: Scene, n: int) -> None:
    statement = """
        INSERT INTO stays (id, user_id, room_id, boot, entered_at, left_at)
        SELECT uuidv7(), $1, uuidv7(), uuidv7(), at, at FROM (SELECT now() - $2 * interval '1 hour' AS at) AS entered
    """
    scene.playground.sql(statement, scene.owner.id, n)


@fills("list_badges_of_person")
def _badge_of(scene: Scene, _: int) -> None:
    key = MAKERS["badges/{key}"](scene)
    scene.admin.put(f"/api/v1/admin/badges/{key}/holders/{scene.make('person')}", {})


@fills("list_badge_holders")
def _holder(scene: Scene, _: int) -> None:
    path = f"/api/v1/admin/badges/{scene.make('key')}/holders/{scene.playground.person().id}"
    scene.admin.put(path, {})


@fills("list_exports")
def _export(scene: Scene, _: int) -> None:
    statement = (
        "INSERT INTO exports (user_id, state, asked_at, finished_at) VALUES ($1, 'expired', now(), now())"
    )
    scene.playground.sql(statement, scene.owner.id)


@fills("list_relations")
def _relation(scene: Scene, _: int) -> None:
    kind = scene.made["values"]["kind"]
    scene.owner.put(f"/api/v1/me/relations/{kind}/{scene.playground.person().id}")


@fills("list_rooms", "list_my_rooms")
def _room(scene: Scene, n: int) -> None:
    scene.owner.post("/api/v1/rooms", {"title": f"방 {n}"})


@fills("list_members")
def _member(scene: Scene, _: int) -> None:
    room = good(scene.owner.http.get(f"/api/v1/rooms/{scene.make('room')}"))
    scene.playground.person().post("/api/v1/rooms/join", {"code": room["join_code"]})


@fills("list_events", "search_room")
def _message(scene: Scene, n: int) -> None:
    scene.playground.say(scene.make("room"), scene.owner, f"{n}번째 저녁")


@fills("list_thread")
def _reply(scene: Scene, n: int) -> None:
    room, owner = scene.make("room"), scene.owner.id
    body = MessageBody(room=room, sender=owner, client_id=uuid7(), text=f"답 {n}", reply_to=scene.make("of"))
    scene.playground.append(room, body)


@fills("list_pins")
def _pin(scene: Scene, n: int) -> None:
    room, owner = scene.make("room"), scene.owner.id
    of = scene.playground.append(room, MessageBody(room=room, sender=owner, client_id=uuid7(), text=f"{n}"))
    pin = PinBody(room=room, sender=owner, client_id=uuid7(), of=of, change="pinned", by=owner)
    scene.playground.append(room, pin)


@fills("list_bans", "list_audit")
def _ban(scene: Scene, _: int) -> None:
    scene.owner.put(f"/api/v1/rooms/{scene.make('room')}/bans/{scene.playground.person().id}", {})


@fills("list_invitations")
def _invitation(scene: Scene, n: int) -> None:
    room = scene.other.post("/api/v1/rooms", {"title": f"놀러 오세요 {n}"})["id"]
    scene.other.post(f"/api/v1/rooms/{room}/invitations", {"people": [scene.owner.id]})


@fills("list_links")
def _link(scene: Scene, _: int) -> None:
    scene.owner.post(f"/api/v1/rooms/{scene.make('room')}/links", {})


@fills("list_reports")
def _report(scene: Scene, _: int) -> None:
    scene.playground.person().post(f"/api/v1/people/{scene.other.id}/reports", {"reason": "spam"})


@fills("list_bots")
def _bot(scene: Scene, n: int) -> None:
    scene.playground.become(scene.owner, "mentor")
    scene.owner.post("/api/v1/bots", {"nickname": f"{scene.owner.nickname} {n}"})


@fills("list_bot_tokens")
def _bot_token(scene: Scene, n: int) -> None:
    scene.owner.post(f"/api/v1/bots/{scene.make('bot')}/tokens", {"name": f"부엌 {n}", "scopes": ["read"]})


@fills("list_hooks")
def _hook(scene: Scene, n: int) -> None:
    scene.owner.post(f"/api/v1/rooms/{scene.make('room')}/hooks", {"name": f"빌드 {n}"})


@fills("get_my_points")
def _my_points(scene: Scene, n: int) -> None:
    grant = {"client_id": uuid7(), "person": scene.owner.id, "points": n + 1}
    scene.admin.post("/api/v1/admin/points/grants", grant)


@fills("get_points_of_person")
def _points(scene: Scene, n: int) -> None:
    grant = {"client_id": uuid7(), "person": scene.make("person"), "points": n + 1}
    scene.admin.post("/api/v1/admin/points/grants", grant)


@fills("list_admin_audit")
def _deed(scene: Scene, n: int) -> None:
    somebody = scene.playground.person().id
    scene.admin.put(f"/api/v1/admin/people/{somebody}/suspension", {"reason": f"광고 {n}"})


# --- mentors ----------------------------------------------------------------------------------------------------------


@fills("list_applications")
def _application(scene: Scene, _: int) -> None:
    scene.playground.application(scene.playground.person())


@fills("list_my_applications")
def _my_application(scene: Scene, _: int) -> None:
    """Each is rejected, since only one may be open."""
    application = scene.playground.application(scene.owner)
    scene.admin.post(f"/api/v1/admin/mentor-applications/{application}/reject", {"reason": "다음에"})


@fills("list_mentors")
def _mentor(scene: Scene, _: int) -> str:
    return scene.playground.mentor().id


@fills("list_follows")
def _follow(scene: Scene, n: int) -> None:
    scene.owner.put(f"/api/v1/me/follows/{_mentor(scene, n)}")


# --- classes ----------------------------------------------------------------------------------------------------------


@fills("list_classes")
def _class(scene: Scene, _: int) -> None:
    scene.playground.class_of(scene.playground.mentor())


@fills("list_my_classes")
def _my_class(scene: Scene, _: int) -> None:
    of = scene.playground.class_of(scene.playground.mentor())
    scene.owner.put(f"/api/v1/classes/{of}/registration", {})


@fills("list_classes_of_mentor")
def _class_of_mentor(scene: Scene, n: int) -> Any:
    statement = """
        WITH room AS (
            INSERT INTO rooms (kind, title, capacity, visibility) VALUES ('class', 'c', 20, 'private') RETURNING id
        )
        INSERT INTO classes (mentor_id, room_id, title, description, curriculum, questions, price, capacity, starts_at,
                             categories, state, created_at, opened_at)
        SELECT $1, id, '클래스', '', '{}', '{}', 0, 20, now() + interval '1 day', '{x}', 'open', now(), now() FROM room
        RETURNING id
    """
    return scene.playground.sql(statement, scene.make("mentor"))


@fills("list_registrations")
def _registration(scene: Scene, _: int) -> None:
    path = f"/api/v1/classes/{scene.make('class_id')}/registration"
    scene.playground.person().put(path, {})


@fills("list_reviews_of_mentor")
def _review_of_mentor(scene: Scene, n: int) -> None:
    statement = "INSERT INTO class_reviews (class_id, user_id, halves, text, reviewed_at) VALUES ($1, $2, 9, '', now())"
    scene.playground.sql(statement, _class_of_mentor(scene, n), scene.owner.id)


@fills("list_reviews")
def _review(scene: Scene, _: int) -> None:
    statement = "INSERT INTO class_reviews (class_id, user_id, halves, text, reviewed_at) VALUES ($1, $2, 9, '', now())"
    scene.playground.sql(statement, scene.make("class_id"), scene.playground.person().id)


# --- company ----------------------------------------------------------------------------------------------------------


@fills("list_posts", "list_my_posts")
def _post(scene: Scene, n: int) -> None:
    post_of(scene.owner, soon(scene) + n)


@fills("list_post_comments")
def _post_comment(scene: Scene, n: int) -> None:
    scene.other.post(f"/api/v1/posts/{scene.make('post')}/comments", {"text": f"{n}번째 댓글"})


@fills("list_my_matches")
def _match(scene: Scene, _: int) -> None:
    match_of(scene)


# --- the board --------------------------------------------------------------------------------------------------------


@fills("list_questions")
def _question(scene: Scene, n: int) -> None:
    scene.owner.post("/api/v1/questions", {"title": f"{n}번째 질문", "text": "어디서 만날까요?"})


@fills("list_answers", "get_question")
def _answer(scene: Scene, n: int) -> None:
    path = f"/api/v1/questions/{scene.make('question')}/answers"
    scene.playground.person().post(path, {"text": f"{n}번째 답"})


@fills("list_answers_of")
def _answer_of(scene: Scene, n: int) -> None:
    question = scene.owner.post("/api/v1/questions", {"title": f"{n}번째 질문", "text": "어디서 만날까요?"})
    scene.other.post(f"/api/v1/questions/{question['id']}/answers", {"text": f"{n}번째 답"})


@fills("list_comments_on_question", "list_comments_on_answer")
def _comment(scene: Scene, n: int) -> None:
    kind = "question" if "question" in scene.made else "answer"
    scene.other.post(f"/api/v1/{kind}s/{scene.make(kind)}/comments", {"text": f"{n}번째 댓글"})


# --- the proof --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def asked() -> Iterator[Asked]:
    with listening() as asked:
        yield asked


# Where there are few people, to read them all is as good as to look up some.
_BYSTANDERS: Final = """
    WITH people AS (
        INSERT INTO users (email, nickname, name, phone, password_hash)
        SELECT n || '@bystanders.example', '행인' || n, '행인', '+8219' || n, '' FROM generate_series(1, 3000) n
        RETURNING id, nickname
    )
    INSERT INTO user_roles (user_id, role)
    SELECT id, role FROM people, unnest(ARRAY['mentee', 'mentor']) AS roles(role)
    WHERE role = 'mentee' OR nickname < '행인2'
"""


@pytest.fixture(scope="module")
def playground(services: Services, asked: Asked) -> Iterator[Playground]:
    """A playground of its own, whose database tells the plan of whatever it is asked."""
    with opened_playground(services, "lists", prepare=prepare) as playground:
        playground.sql(_BYSTANDERS)
        playground.sql("ANALYZE users, user_roles, mentors")
        yield playground


def test_every_list_is_filled_here() -> None:
    assert LISTS.keys() - FILLERS.keys() == set()


@dataclass
class Listed:
    """A list as it was answered, and what that took."""

    rows: int
    next: str | None
    counts: tuple[int, int]
    statements: list[tuple[str, Plan]]


@pytest.mark.parametrize("operation", LISTS.values(), ids=LISTS)
def test_a_list_three_times_as_long_takes_no_more_statements_and_each_is_served_by_an_index(
    playground: Playground, asked: Asked, operation: Operation
) -> None:
    scene = Scene.of(playground, operation.permission)
    path = scene.path(operation)
    fill, added = FILLERS[operation.name], list[Any]()

    def ask(**query: Any) -> Listed:
        query |= QUERIES.get(operation.name, lambda _: {})(added)
        playground.http.get(
            path, params=query, headers=headers
        )  # what the process remembers, it remembers now
        asked.clear()
        answer = good(playground.http.get(path, params=query, headers=headers))
        rows = len(answer[str(items_of(operation))])
        return Listed(rows, answer.get("next"), asked.counts, list(asked.statements))

    headers = {"authorization": f"Bearer {scene.owner.token}"}
    added += [fill(scene, n) for n in range(FEW)]
    limited = asks(operation, "limit")
    few = ask(**({"limit": FEW} if limited else {}))
    added += [fill(scene, n) for n in range(FEW, 3 * FEW)]
    many = ask(**({"limit": 3 * FEW} if limited else {}))
    assert many.rows > few.rows
    assert many.counts == few.counts, "\n".join(text for text, _ in many.statements)
    assert many.counts[0] >= (1 if operation.permission is PUBLIC else 2), "who asks, and what he asks for"
    pages = [many]
    if asks(operation, "cursor"):
        first = ask(limit=2)
        pages += [first, ask(limit=2, cursor=first.next)]
    for text, plan in (asked for page in pages for asked in page.statements):
        whole = read_whole(plan)
        assert not whole, f"{sorted(whole)} read from end to end by {name_of(text)}"
        if asks(operation, "cursor"):
            assert not sorts(plan), f"in no index's order: {name_of(text)}"


def test_whether_an_author_is_a_mentor_is_looked_up_for_those_who_are_shown(playground: Playground) -> None:
    """An EXISTS among what is selected was answered by reading all mentors first, once there were many authors."""
    page = "SELECT author, is_mentor FROM board_authors ORDER BY author_id DESC LIMIT 20"
    plan = msgspec.json.decode(playground.sql(f"EXPLAIN (FORMAT JSON) {page}"))[0]["Plan"]
    assert read_whole(plan) <= {"users"}  # the page itself, off the end of their key
