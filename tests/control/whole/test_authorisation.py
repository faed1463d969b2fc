"""Who may do what: every operation, tried by everybody.

What came of it is a table, `control/authorisation.md`, for people to read. A new operation, or one that lets in somebody
else than before, differs from it; `MADANG_WRITE=1` writes it anew, so that the change is seen by whoever reviews it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, Final, get_args

import httpx
import pytest

from common.ids import uuid7
from common.permissions import ROLES, SCOPES, Role
from common.tokens import ACCESS_COOKIE
from control.apipage import api_page
from control.app import TABLES
from control.examples import example_of
from control.operations import LOGGED_IN, PUBLIC, Operation
from tests.control.whole.conftest import OPERATIONS as SERVED
from tests.support.playground import Person, Playground, roles_for
from tests.support.scenes import Scene, is_object

OPERATIONS: Final = [*SERVED, *api_page(TABLES, server="https://madang.example").table]
PAGE: Final = Path(__file__).parents[3] / "control" / "authorisation.md"
WHO: Final = ("nobody", *get_args(Role), "bot")

# What a stranger may do with an object that is not his, and why.
OPEN: Final = {
    "add_relation": "on a list of one's own",
    "remove_relation": "on a list of one's own",
    "see_profile": "people show themselves to everybody",
    "list_avatars": "people show themselves to everybody",
    "list_badges_of_person": "people show themselves to everybody",
    "remove_avatar": "what is not mine stays where it is",
    "see_notice": "notices are for everybody",
    "leave_room": "who is not in it stays out",
    "decline_invitation": "it stays as it is",
    "report_person": "anybody may be reported",
    "get_mentor": "mentors are there to be found",
    "follow_mentor": "on a list of one's own",
    "unfollow_mentor": "on a list of one's own",
    "withdraw_application": "what is not mine stays where it is",
    "get_class": "classes are there to be found",
    "list_classes_of_mentor": "classes are there to be found",
    "list_reviews": "classes are there to be found",
    "list_reviews_of_mentor": "mentors are there to be found",
    **dict.fromkeys(
        (
            "get_post",
            "join_post",
            "list_post_comments",
            "comment_on_post",
            "report_match_post",
            "report_match_comment",
        ),
        "who looks for company looks for anybody",
    ),
    "report_review": "what everybody reads anybody may report",
    "register_for_class": "an open class is for everybody",
    "cancel_registration": "who is not registered stays so",
    "take_review_back": "what is not mine stays where it is",
    "get_linked_room": "the link is the key",
    "join_room_by_link": "the link is the key",
    "post_to_hook": "the address is the key",
    **dict.fromkeys(
        (
            "get_question",
            "answer_question",
            "list_answers",
            "list_answers_of",
            "comment_on_question",
            "comment_on_answer",
            "list_comments_on_question",
            "list_comments_on_answer",
            "like_question",
            "like_answer",
            "like_comment",
            "unlike_question",
            "unlike_answer",
            "unlike_comment",
            "report_question",
            "report_answer",
            "report_comment",
        ),
        "the board is everybody's",
    ),
}


def request(playground: Playground, operation: Operation, path: str, body: Any, **how: Any) -> httpx.Response:
    """Ask for an operation. Whatever comes, it is declared."""
    answer = playground.http.request(operation.method, path, json=body, **how)
    said = code_of(answer)
    assert answer.status_code < 500, f"{operation.name}: {answer.text}"
    assert said is None or said in operation.codes, f"{operation.name} does not declare {said}"
    return answer


def code_of(answer: httpx.Response) -> str | None:
    """The code of a refusal; None for a success."""
    return answer.json()["code"] if answer.status_code >= 400 else None


def nowhere(operation: Operation) -> str:
    """A path of the right form, to nothing."""
    return operation.path.format(
        **{
            name: uuid7() if _takes_uuid(kind) else example_of(kind)
            for name, kind in operation.path_parameters.items()
        }
    )


def _takes_uuid(kind: Any) -> bool:
    return isinstance(example_of(kind), str) and len(example_of(kind)) == 36


def expected(operation: Operation, who: str) -> bool:
    """Whether the declaration lets somebody in."""
    if operation.permission is PUBLIC:
        return True
    if who == "nobody":
        return False
    if operation.permission is LOGGED_IN:
        return who != "bot"
    granted = frozenset[str]().union(*SCOPES.values()) if who == "bot" else ROLES[who]  # type: ignore[index]
    return operation.permission in granted


@pytest.fixture(scope="module")
def doors(playground: Playground) -> dict[str, dict[str, bool]]:
    """Who was let in where, as tried: by operation, by kind of caller.

    Everybody is new at each door, since what is behind one may end his session, or him.
    """
    count = len(OPERATIONS)
    people: dict[str, list[Person]] = {
        role: playground.people(count, *dict.fromkeys(("mentee", role))) for role in get_args(Role)
    }
    bot = {"authorization": f"Bearer {playground.bot()}"}
    found: dict[str, dict[str, bool]] = {}
    for index, operation in enumerate(OPERATIONS):
        seats = {
            "nobody": dict[str, str](),
            **{role: {"authorization": f"Bearer {each[index].token}"} for role, each in people.items()},
            "bot": bot,
        }
        path = nowhere(operation)
        body = example_of(operation.body) if operation.body else None
        found[operation.name] = {}
        for who in WHO:
            code = code_of(request(playground, operation, path, body, headers=seats[who]))
            refusal = "unauthenticated" if who == "nobody" else "forbidden"
            found[operation.name][who] = operation.permission is PUBLIC or code != refusal
            assert operation.permission is not PUBLIC or code != "forbidden", operation.name
    return found


def test_everybody_is_let_in_where_the_declaration_says_and_nowhere_else(
    doors: dict[str, dict[str, bool]],
) -> None:
    wrong = [
        f"{operation.name} lets in {who}" if doors[operation.name][who] else f"{operation.name} refuses {who}"
        for operation in OPERATIONS
        for who in WHO
        if doors[operation.name][who] != expected(operation, who)
    ]
    assert wrong == []


@pytest.mark.parametrize("why", ["suspended", "expired", "garbled"])
def test_no_token_that_is_over_opens_anything(playground: Playground, why: str) -> None:
    somebody = playground.person("mentee", "mentor", "admin")
    token = somebody.token
    if why == "suspended":
        admin = playground.person("mentee", "admin")
        admin.put(f"/api/v1/admin/people/{somebody.id}/suspension", {"reason": "광고"})
    if why == "expired":
        token = playground.token(somebody.id, somebody.session, somebody.roles, life_s=-60)
    if why == "garbled":
        token = token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BBBB")
    code = {"suspended": "session_revoked", "expired": "token_expired", "garbled": "token_invalid"}[why]
    for operation in OPERATIONS:
        if operation.permission is not PUBLIC:
            body = example_of(operation.body) if operation.body else None
            headers = {"authorization": f"Bearer {token}"}
            answer = request(playground, operation, nowhere(operation), body, headers=headers)
            assert code_of(answer) == code, operation.name


def test_a_cookie_from_elsewhere_changes_nothing(playground: Playground) -> None:
    """A browser sends it by itself, whosever page asks."""
    somebody = playground.person("mentee", "mentor", "admin")
    headers = {"origin": "https://elsewhere.test", "cookie": f"{ACCESS_COOKIE}={somebody.token}"}
    for operation in OPERATIONS:
        if operation.changes_state and operation.permission is not PUBLIC:
            body = example_of(operation.body) if operation.body else None
            answer = request(playground, operation, nowhere(operation), body, headers=headers)
            assert code_of(answer) == "csrf", operation.name


# --- somebody else's --------------------------------------------------------------------------------------------------


def has_objects(operation: Operation) -> bool:
    """Whether the path leads to something that belongs to somebody."""
    return any(is_object(operation, name) for name in operation.path_parameters)


def is_for_owners(operation: Operation) -> bool:
    """Whether it is for others than those to whom all objects are open."""
    return roles_for(operation.permission)[-1] != "admin"


@pytest.fixture(scope="module")
def strangers(playground: Playground) -> dict[str, str | None]:
    """What a stranger is told who tries each operation on somebody else's object; None when he may.

    The owner comes after him with the same request, and succeeds: so it was the stranger who was refused.
    """
    found: dict[str, str | None] = {}
    faults: list[str] = []
    for operation in filter(has_objects, OPERATIONS):
        scene = Scene.of(playground, operation.permission)
        path, body, query = scene.path(operation), scene.body(operation), scene.query(operation)
        if is_for_owners(operation):
            answer = request(playground, operation, path, body, params=query, headers=shown(scene.stranger))
            found[operation.name] = code_of(answer)
            if answer.status_code in {400, 422}:
                faults.append(f"{operation.name} is asked wrongly: {answer.text}")
        answer = request(playground, operation, path, body, params=query, headers=shown(scene.owner))
        if answer.status_code != operation.status:
            faults.append(f"{operation.name} is not for its owner: {answer.text}")
    assert not faults, "\n".join(faults)
    return found


def shown(person: Person) -> dict[str, str]:
    return {"authorization": f"Bearer {person.token}"}


def test_a_stranger_gets_nothing_of_somebody_elses(strangers: dict[str, str | None]) -> None:
    assert {name for name, code in strangers.items() if code is None} == OPEN.keys()


# --- the page ---------------------------------------------------------------------------------------------------------


def test_the_page_says_what_is_so(
    doors: dict[str, dict[str, bool]], strangers: dict[str, str | None]
) -> None:
    page = "\n".join(page_of(doors, strangers))
    if os.environ.get("MADANG_WRITE"):
        PAGE.write_text(page)
    assert PAGE.read_text() == page, "run this test with MADANG_WRITE=1, and look at what changed"


HEAD: Final = """\
# Who may do what

Every operation of control, and who was let in when everybody tried: nobody in particular, a person of each role, a bot whose
API token has every scope. A token that has expired, or whose session was ended, as a suspension does, opens nothing but
what is public; nor does a cookie that comes from somebody else's page change anything.

*Somebody else's*: what a stranger is told who may do such a thing with objects of his own, and tries it on another one's; or
why he may. It stays empty where the path leads to nothing that belongs to somebody, or where the permission is for all objects.

`tests/control/whole/test_authorisation.py` tries it all and writes this page.
"""


def page_of(doors: dict[str, dict[str, bool]], strangers: dict[str, str | None]) -> Iterator[str]:
    yield HEAD
    for group, operations in groupby(OPERATIONS, key=lambda operation: operation.group):
        yield f"## {group}\n"
        yield "| operation | permission | nobody | mentee | mentor | admin | bot | somebody else's |"
        yield "|---|---|:-:|:-:|:-:|:-:|:-:|---|"
        for operation in operations:
            cells = " | ".join("yes" if doors[operation.name][who] else "·" for who in WHO)
            permission = str(getattr(operation.permission, "value", operation.permission))
            request = f"`{operation.method} {operation.path}`"
            yield f"| {request} | {permission} | {cells} | {_of_others(operation, strangers)} |"
        yield ""


def _of_others(operation: Operation, strangers: dict[str, str | None]) -> str:
    if operation.name not in strangers:
        return ""
    code = strangers[operation.name]
    return f"may: {OPEN.get(operation.name, '')}" if code is None else f"`{code}`"
