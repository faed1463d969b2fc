"""A running control with people of every kind and an object of every kind, for what is tried on every operation at once.

Objects are made through the front door, by whoever they belong to. `MAKERS` says how, by the path parameter that leads to
one; a path with a parameter that is not there fails by name, so a new kind of object brings its maker.

    scene = playground.scene("hook.create")        # an owner who may, and a stranger who may as well
    path = scene.path(operation)                   # with the owner's own objects in it
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, Literal, cast, get_args, get_origin

import httpx
import msgspec

from common.clock import now_ms
from common.ids import uuid7
from common.permissions import ROLES, Role, permissions_of
from common.postgres import Connection
from common.roomlog.log import Log
from common.roomlog.position import AnyBody
from common.tokens import Claims, sign
from control.examples import example_of
from control.matching.conditions.views import ConditionList
from control.operations import Access, Operation
from tests.support.control import PASSWORD
from tests.support.hosted import Hosted
from tests.support.talk import Talk

Json = dict[str, Any]
_numbers = itertools.count(1)

_ADD_PEOPLE: Final = """
    INSERT INTO users (id, email, nickname, name, phone, password_hash)
    SELECT id, id || '@example.org', nickname, nickname, phone, $4
    FROM unnest($1::uuid[], $2::text[], $3::text[]) AS new(id, nickname, phone)
"""
_ADD_SESSIONS: Final = """
    INSERT INTO sessions (id, user_id, device, address, expires_at)
    SELECT session, id, 'a test', '::1', now() + interval '1 hour' FROM unnest($1::uuid[], $2::uuid[]) AS new(session, id)
"""
_ADD_ROLES: Final = "INSERT INTO user_roles (user_id, role) SELECT id, $2 FROM unnest($1::uuid[]) AS new(id)"


@dataclass(frozen=True)
class Person:
    """Somebody with a live session."""

    id: str
    session: str
    nickname: str
    roles: tuple[Role, ...]
    token: str
    http: httpx.Client

    def post(self, path: str, body: Any = None) -> Any:
        """The answer to what must succeed."""
        return good(self.http.post(path, json=body))

    def put(self, path: str, body: Any = None) -> Any:
        """The answer to what must succeed."""
        return good(self.http.put(path, json=body))


def good(answer: httpx.Response) -> Any:
    """The body of a success."""
    assert answer.is_success, f"{answer.request.method} {answer.request.url.path}: {answer.text}"
    return answer.json() if answer.content else None


def roles_for(permission: str | Access) -> tuple[Role, ...]:
    """The roles of somebody who has a permission, and as little else as can be."""
    lowest = next(
        role for role in get_args(Role) if isinstance(permission, Access) or permission in ROLES[role]
    )
    return ("mentee",) if lowest == "mentee" else ("mentee", cast(Role, lowest))


class Playground:
    """A control, and the people and objects that are made on it."""

    def __init__(self, control: Hosted) -> None:
        self.control = control
        self.http = control.http
        self._key = control.run(control.services.keys.signing)
        log = Log(control.services.mongo)
        control.run(log.prepare)
        self.talk = Talk(log, now_ms)
        self._password_hash = control.run(control.services.passwords.hash, PASSWORD)
        self.admin = self.person("mentee", "admin")

    def people(self, count: int, *roles: Role) -> list[Person]:
        """New people, each with these roles and a live session."""
        ids = [uuid7() for _ in range(count)]
        sessions = [uuid7() for _ in range(count)]
        numbers = [next(_numbers) for _ in range(count)]
        nicknames = [f"사람{number}" for number in numbers]
        phones = [f"+8210{40_000_000 + number}" for number in numbers]

        async def add(connection: Connection) -> None:
            await connection.execute(_ADD_PEOPLE, ids, nicknames, phones, self._password_hash)
            await connection.execute(_ADD_SESSIONS, sessions, ids)
            for role in roles:
                await connection.execute(_ADD_ROLES, ids, role)

        self.control.run(self.control.services.db.transaction, add)
        return [
            Person(*who, roles, token := self.token(who[0], who[1], roles), self.client(token))
            for who in zip(ids, sessions, nicknames, strict=True)
        ]

    def person(self, *roles: Role) -> Person:
        """Somebody new."""
        return self.people(1, *(roles or ("mentee",)))[0]

    def token(self, user: str, session: str, roles: Sequence[str], *, life_s: int = 900) -> str:
        """An access token, over already when `life_s` is negative."""
        now = self.control.clock() // 1000
        claims = Claims(
            sub=user,
            sid=session,
            jti=uuid7(),
            roles=tuple(roles),
            permissions=tuple(permissions_of(roles)),
            iat=min(now, now + life_s) - 1,
            exp=now + life_s,
        )
        return sign(claims, self._key)

    def client(self, token: str) -> httpx.Client:
        """A client that sends `token`, over the connections of nobody's."""
        headers = {"authorization": f"Bearer {token}"}
        return httpx.Client(base_url=self.control.url, headers=headers, transport=self.http._transport)

    def bot(self) -> str:
        """The access token of a bot with every scope."""
        owner = self.person("mentee", "mentor")
        bot = owner.post("/api/v1/bots", {"nickname": f"봇{next(_numbers)}"})
        wanted = {"name": "모든 것", "scopes": ["read", "write", "rooms"]}
        made = owner.post(f"/api/v1/bots/{bot['id']}/tokens", wanted)
        token: str = good(self.http.post("/api/v1/bots/token", json={"token": made["secret"]}))[
            "access_token"
        ]
        return token

    def say(self, room: str, sender: Person, *texts: str) -> None:
        """Put messages into the room's log, as chatd does."""
        self.control.run(self.talk.say, room, sender, *texts)

    def append(self, room: str, body: AnyBody) -> int:
        """Put something else into the room's log; its seq."""
        return self.control.run(self.talk.append, room, body)

    def application(self, person: Person) -> str:
        """What a person sent in to become a mentor."""
        wanted = {"company": "마당", "introduction": "안녕하세요", "categories": [self.category]}
        application: str = person.post("/api/v1/me/mentor-applications", wanted)["id"]
        return application

    def mentor(self) -> Person:
        """Somebody who became a mentor."""
        person = self.person("mentee")
        self.admin.post(f"/api/v1/admin/mentor-applications/{self.application(person)}/approve")
        return person

    def class_of(self, mentor: Person, *, is_open: bool = True) -> str:
        """A class that a mentor gives for nothing, perhaps his first one."""
        if not self.sql("SELECT EXISTS (SELECT FROM mentors WHERE user_id = $1)", mentor.id):
            self.admin.post(f"/api/v1/admin/mentor-applications/{self.application(mentor)}/approve")
        wanted = {"price": 0, "capacity": 20, "starts_at": 4_070_908_800_000, "categories": [self.category]}
        made: str = mentor.post("/api/v1/classes", {"title": "인덱스를 손으로 그리기", **wanted})["id"]
        if is_open:
            mentor.post(f"/api/v1/classes/{made}/open")
        return made

    @cached_property
    def category(self) -> str:
        """The key of a category that is offered."""
        key = f"category-{next(_numbers)}"
        self.admin.put(f"/api/v1/admin/categories/{key}", {"ko": key, "en": key})
        return key

    def wish(self) -> Json:
        """Company for a meal where nobody else looks for it."""
        key, names = f"condition-{next(_numbers)}", {"ko": "강가", "en": "Riverside"}
        for of in ("places", "ways"):
            self.admin.put(f"/api/v1/admin/conditions/{of}/{key}", names)
        return {"category": "meal", "places": [key], "ways": [key]}

    def sql(self, statement: str, *arguments: object) -> Any:
        """The value that a statement gives, or None."""

        async def ask(connection: Connection) -> Any:
            return await connection.fetchval(statement, *arguments)

        return self.control.run(self.control.services.db.transaction, ask)

    def scene(self, permission: str | Access) -> Scene:
        """An owner who may do what takes `permission`, somebody he knows, and a stranger who may, too."""
        roles = roles_for(permission)
        owner, stranger, other = self.people(3, *roles)
        return Scene(self, owner, other, stranger)


@dataclass
class Scene:
    """Somebody's objects, made when they are first asked for. `made` holds them by the name of their parameter."""

    playground: Playground
    owner: Person
    other: Person  # whom the owner knows
    stranger: Person  # who has nothing to do with any of it
    made: dict[str, Any] = field(default_factory=dict)

    @property
    def admin(self) -> Person:
        """Somebody who keeps order, where an object needs that."""
        return self.playground.admin

    def make(self, name: str) -> Any:
        """The owner's object that the parameter `name` leads to. Raises KeyError for a name without a maker."""
        if name not in self.made:
            whose = _whose(self.made.get("path", ""), name)
            self.made[name] = (MAKERS.get(whose) or MAKERS[name])(self)
        return self.made[name]

    def values(self, operation: Operation) -> Json:
        """A value for every parameter of the path: the owner's object, or the type's own example."""
        self.made["path"] = operation.path
        self.made["values"] = {
            name: self.make(name) if is_object(operation, name) else example_of(kind)
            for name, kind in operation.path_parameters.items()
        }
        values: Json = self.made["values"]
        return values

    def path(self, operation: Operation) -> str:
        """The path to the owner's objects."""
        return operation.path.format(**self.values(operation))

    def query(self, operation: Operation) -> Json:
        """What a query must have, by the example of its type."""
        if operation.query is None:
            return {}
        fields = msgspec.structs.fields(operation.query)
        return {each.encode_name: example_of(each.type) for each in fields if each.required}

    def body(self, operation: Operation) -> Json | None:
        """A body that fits: the example of its type, but for what `BODIES` and `FIELDS` say."""
        if operation.body is None:
            return None
        if operation.name in BODIES:
            return BODIES[operation.name](self)
        example: Json = example_of(operation.body)
        return {
            name: FIELDS[name](self) if name in FIELDS and value is not None else value
            for name, value in example.items()
        }


def is_object(operation: Operation, name: str) -> bool:
    """Whether a parameter of an operation's path leads to an object: all do but those of a closed set of words."""
    return get_origin(operation.path_parameters[name]) is not Literal


def _whose(path: str, name: str) -> str:
    """A parameter with the word before it, as `categories/{key}`: the same name may lead to different things."""
    return "/".join(path.partition(f"{{{name}}}")[0].split("/")[-2:]) + f"{{{name}}}"


Maker = Callable[[Scene], Any]
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
