"""How one of every kind of object is made for a scene (`tests/support/scenes.py`), by whoever it belongs to.

`MAKERS` goes by the path parameter that leads to the object, `FIELDS` by a field of a body that names one, and `BODIES` by the
operation whose body takes more than the example of its type.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import httpx

from common.ids import uuid7
from control.examples import example_of
from control.matching.conditions.views import ConditionList
from tests.support.playground import Json, Person, good

if TYPE_CHECKING:
    from tests.support.scenes import Scene

_numbers = itertools.count(1)

Maker = Callable[["Scene"], Any]
MAKERS: Final[dict[str, Maker]] = {}
FIELDS: Final[dict[str, Maker]] = {}  # fields of a body that name an object
BODIES: Final[dict[str, Maker]] = {}  # bodies of operations that need more than their example


def maker(table: dict[str, Maker], *names: str) -> Callable[[Maker], Maker]:
    """Put a function into a table under `names`."""

    def put(fn: Maker) -> Maker:
        table.update(dict.fromkeys(names, fn))
        return fn

    return put


# --- people and sessions ----------------------------------------------------------------------------------------------


@maker(MAKERS, "person")
@maker(FIELDS, "person")
def _person(scene: Scene) -> str:
    """Whom the owner knows; a member of the room, when there is one, or who reviewed the class."""
    if "room" in scene.made and "/bans/" not in scene.made["path"]:
        scene.other.post("/api/v1/rooms/join", {"code": _join_code(scene)})
    if "class_id" in scene.made and "/reviews/" in scene.made["path"]:
        review = "INSERT INTO class_reviews (class_id, user_id, halves, text, reviewed_at) VALUES ($1, $2, 2, '음', now())"
        scene.playground.sql(review, scene.make("class_id"), scene.other.id)
    return scene.other.id


@maker(FIELDS, "people")
def _people(scene: Scene) -> list[str]:
    return [scene.other.id]


@maker(FIELDS, "client_id")
def _new_name(_: Scene) -> str:
    """What is asked for is something new."""
    return uuid7()


@maker(MAKERS, "mentor")
def _mentor(scene: Scene) -> str:
    return scene.playground.mentor().id


@maker(MAKERS, "application")
def _application(scene: Scene) -> str:
    """Of the owner's, where it is his to withdraw; else of somebody whom he decides on."""
    return scene.playground.application(scene.owner if "/me/" in scene.made["path"] else scene.other)


@maker(FIELDS, "categories")
def _categories(scene: Scene) -> list[str]:
    return [scene.playground.category]


@maker(FIELDS, "certificates")
def _certificates(scene: Scene) -> list[str]:
    return [scene.make("upload")]


@maker(MAKERS, "notice")
def _notice(scene: Scene) -> str:
    words = {"title": "점검", "text": "새벽에"}
    notice: str = scene.admin.post("/api/v1/admin/notices", {"ko": words, "en": words})["id"]
    return notice


@maker(MAKERS, "session")
def _session(scene: Scene) -> str:
    return scene.owner.session


@maker(MAKERS, "export")
def _export(scene: Scene) -> str:
    made: str = scene.owner.post("/api/v1/me/exports")["id"]
    return made


@maker(MAKERS, "{of}/{key}")
def _condition(scene: Scene) -> str:
    key = f"condition-{next(_numbers)}"
    scene.admin.put(f"/api/v1/admin/conditions/{example_of(ConditionList)}/{key}", {"ko": key, "en": key})
    return key


@maker(MAKERS, "random/{application}")
def _random_application(scene: Scene) -> str:
    made: str = scene.owner.post("/api/v1/matching/random", scene.playground.wish())["id"]
    return made


@maker(BODIES, "apply_at_random")
def _wish(scene: Scene) -> Json:
    return scene.playground.wish()


def post_of(author: Person, meets_at: int) -> str:
    """A new post that looks for company."""
    wanted = {"category": "meal", "title": "국밥 먹으러 가요", "capacity": 4, "meets_at": meets_at}
    made: str = author.post("/api/v1/posts", wanted)["id"]
    return made


def soon(scene: Scene) -> int:
    """In an hour."""
    return scene.playground.control.clock() + 3_600_000


@maker(MAKERS, "post")
def _post(scene: Scene) -> str:
    """The owner's; but somebody else's to join, to leave and to report."""
    path = scene.made["path"]
    author = scene.other if path.endswith(("/join", "/leave", "/reports")) else scene.owner
    made = post_of(author, soon(scene))
    if path.endswith(("/leave", "/confirm")):
        joiner = scene.owner if author is scene.other else scene.other
        joiner.post(f"/api/v1/posts/{made}/join")
    return made


@maker(MAKERS, "comment_id")
def _post_comment(scene: Scene) -> str:
    says = scene.other if scene.made["path"].endswith("/reports") else scene.owner
    made: str = says.post(f"/api/v1/posts/{scene.make('post')}/comments", {"text": "몇 시에요?"})["id"]
    return made


@maker(MAKERS, "match")
def match_of(scene: Scene) -> str:
    """The owner and somebody he knows have met."""
    post = post_of(scene.owner, soon(scene))
    scene.other.post(f"/api/v1/posts/{post}/join")
    made: str = scene.owner.post(f"/api/v1/posts/{post}/confirm")["match"]["id"]
    scene.playground.sql("UPDATE matches SET meets_at = made_at - interval '1 minute' WHERE id = $1", made)
    return made


@maker(BODIES, "write_post")
def _new_post(scene: Scene) -> Json:
    return {"category": "study", "title": "같이 공부해요", "capacity": 2, "meets_at": soon(scene)}


@maker(BODIES, "change_post")
def _new_post_title(_: Scene) -> Json:
    return {"title": "냉면 먹으러 가요"}


@maker(MAKERS, "categories/{key}")
def _category(scene: Scene) -> str:
    return scene.playground.category


@maker(MAKERS, "badges/{key}")
def _badge(scene: Scene) -> str:
    """One that admins grant."""
    key = f"badge-{next(_numbers)}"
    scene.admin.put(f"/api/v1/admin/badges/{key}", _badge_to_put(scene))
    return key


@maker(BODIES, "put_badge")
def _badge_to_put(_: Scene) -> Json:
    words = {"name": "마당지기", "about": "마당을 가꾼 사람에게"}
    return {"ko": words, "en": words, "rule": {"kind": "granted"}}


# --- classes ----------------------------------------------------------------------------------------------------------


@maker(MAKERS, "class_id")
def _class(scene: Scene) -> str:
    """A class of the owner's, if he may give one; else of somebody's, in which the owner is, and which has begun where it is
    to be reviewed."""
    path, owner = scene.made["path"], scene.owner
    gives = "mentor" in owner.roles
    mentor = owner if gives else scene.playground.mentor()
    made = scene.playground.class_of(mentor, is_open=not path.endswith(("/open", "{class_id}")) or not gives)
    if not gives and path.endswith(("/registration", "/room", "/review")):
        owner.put(f"/api/v1/classes/{made}/registration", {})
    if path.endswith("/review"):
        scene.playground.sql("UPDATE classes SET starts_at = '2026-01-01' WHERE id = $1", made)
    return made


@maker(BODIES, "register_for_class")
def _no_questions(_: Scene) -> Json:
    return {}


@maker(BODIES, "change_class")
def _new_class_title(_: Scene) -> Json:
    return {"title": "새 이름"}


# --- rooms ------------------------------------------------------------------------------------------------------------


@maker(MAKERS, "room")
def _room(scene: Scene) -> str:
    """A private room: a stranger is not even told that it is there."""
    made: str = scene.owner.post("/api/v1/rooms", {"title": "우리끼리", "visibility": "private"})["id"]
    return made


def _join_code(scene: Scene) -> str:
    code: str = good(scene.owner.http.get(f"/api/v1/rooms/{scene.make('room')}"))["join_code"]
    return code


@maker(MAKERS, "of", "seq")
def _message(scene: Scene) -> int:
    scene.playground.say(scene.make("room"), scene.other, "오늘 저녁에 만나요")
    return 1


@maker(MAKERS, "invitation")
def _invitation(scene: Scene) -> str:
    room = scene.other.post("/api/v1/rooms", {"title": "놀러 오세요", "visibility": "private"})["id"]
    scene.other.post(f"/api/v1/rooms/{room}/invitations", {"people": [scene.owner.id]})
    found = good(scene.owner.http.get("/api/v1/me/invitations"))["invitations"]
    invitation: str = found[0]["id"]
    return invitation


def _link(scene: Scene) -> Json:
    link: Json = scene.owner.post(f"/api/v1/rooms/{scene.make('room')}/links", {})
    return link


@maker(MAKERS, "link")
def _link_id(scene: Scene) -> str:
    return str(_link(scene)["id"])


@maker(MAKERS, "code")
def _link_code(scene: Scene) -> str:
    return str(_link(scene)["code"])


@maker(BODIES, "join_room_by_code")
def _code_to_join(scene: Scene) -> Json:
    return {"code": _join_code(scene)}


@maker(BODIES, "change_room")
def _new_title(_: Scene) -> Json:
    return {"title": "새 이름"}


@maker(BODIES, "mark_read")
def _read_up_to(scene: Scene) -> Json:
    return {"mseq": 0}


# --- reports, uploads -------------------------------------------------------------------------------------------------


@maker(MAKERS, "report")
def _report(scene: Scene) -> str:
    reporter = scene.playground.person()
    reporter.post(f"/api/v1/people/{scene.other.id}/reports", {"reason": "spam"})
    found = good(scene.owner.http.get("/api/v1/reports"))["reports"]
    report: str = found[0]["id"]
    return report


@maker(MAKERS, "upload")
def _upload(scene: Scene) -> str:
    """A file that was sent: a certificate, since that is for its owner alone."""
    body = b"%PDF-1.4\n%EOF\n"
    wanted = {
        "purpose": "certificate",
        "name": "자격증.pdf",
        "media_type": "application/pdf",
        "size": len(body),
    }
    asked = scene.owner.post("/api/v1/uploads", wanted)
    httpx.put(asked["url"], content=body, headers=asked["headers"], verify=False).raise_for_status()
    scene.owner.post(f"/api/v1/uploads/{asked['id']}/confirm")
    upload: str = asked["id"]
    return upload


# --- the board ---------------------------------------------------------------------------------------------------------


def _asks(scene: Scene) -> Person:
    """Whose posts they are: the owner's, but where one may not do it with one's own."""
    return scene.other if scene.made["path"].endswith(("/like", "/reports")) else scene.owner


def _ask(asker: Person) -> str:
    question: str = asker.post("/api/v1/questions", {"title": "어디서 만날까요?", "text": "강가에서요?"})[
        "id"
    ]
    return question


@maker(MAKERS, "question")
def _question(scene: Scene) -> str:
    return _ask(_asks(scene))


@maker(MAKERS, "answer")
def _answer(scene: Scene) -> str:
    path = f"/api/v1/questions/{_ask(scene.other)}/answers"
    answer: str = _asks(scene).post(path, {"text": "네, 강가에서 만나요"})["id"]
    return answer


@maker(MAKERS, "comment")
def _comment(scene: Scene) -> str:
    path = f"/api/v1/questions/{_ask(scene.other)}/comments"
    comment: str = _asks(scene).post(path, {"text": "저도 갈게요"})["id"]
    return comment


@maker(BODIES, "choose_best_answer")
def _answer_to_choose(scene: Scene) -> Json:
    path = f"/api/v1/questions/{scene.make('question')}/answers"
    return {"answer": scene.other.post(path, {"text": "네, 강가에서 만나요"})["id"]}


@maker(BODIES, "comment_on_question", "comment_on_answer")
def _words(_: Scene) -> Json:
    return {"text": "저도 궁금해요"}


@maker(BODIES, "ask_question")
def _new_question(_: Scene) -> Json:
    return {"title": "어디서 만날까요?", "text": "강가에서요?"}


@maker(BODIES, "answer_question")
def _new_answer(_: Scene) -> Json:
    return {"text": "네, 강가에서 만나요"}


@maker(BODIES, "change_question", "change_answer")
def _new_words(_: Scene) -> Json:
    return {"text": "강가에서, 저녁에요"}


# --- bots and webhooks ------------------------------------------------------------------------------------------------


@maker(MAKERS, "bot")
def _bot(scene: Scene) -> str:
    scene.playground.become(scene.owner, "mentor")
    bot: str = scene.owner.post("/api/v1/bots", {"nickname": f"심부름{next(_numbers)}"})["id"]
    return bot


def _api_token(scene: Scene) -> Json:
    token: Json = scene.owner.post(
        f"/api/v1/bots/{scene.make('bot')}/tokens", {"name": "부엌", "scopes": ["read"]}
    )
    return token


@maker(MAKERS, "token")
def _token_id(scene: Scene) -> str:
    return str(_api_token(scene)["token"]["id"])


@maker(BODIES, "exchange_bot_token")
def _secret_to_exchange(scene: Scene) -> Json:
    return {"token": _api_token(scene)["secret"]}


@maker(MAKERS, "hook")
def _hook(scene: Scene) -> str:
    made = scene.owner.post(f"/api/v1/rooms/{scene.make('room')}/hooks", {"name": "빌드 알림"})
    scene.made["secret"] = made["url"].rpartition("/")[2]
    hook: str = made["hook"]["id"]
    return hook


@maker(MAKERS, "secret")
def _hook_secret(scene: Scene) -> str:
    scene.make("hook")
    return str(scene.made["secret"])


@maker(BODIES, "create_bot")
def _new_bot(scene: Scene) -> Json:
    return {"nickname": f"새 봇{next(_numbers)}"}
