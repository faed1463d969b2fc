"""What a request makes, it makes once: every operation whose body has a `client_id`, sent again as after a lost answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Final

import httpx
import pytest

from common.ids import uuid7
from control import once
from control.operations import Operation
from tests.control.whole.conftest import OPERATIONS
from tests.support.playground import Json, Person, Playground, good
from tests.support.scenes import Scene

ONCE: Final = [
    operation
    for operation in OPERATIONS
    if "reference_reused" in operation.errors and operation.result is not None
]
OTHERWISE: Final = {"title": "다른 제목", "text": "다른 말", "company": "다른 곳", "pinned": False}
QUESTIONS: Final = "/api/v1/questions"


def code_of(answer: httpx.Response) -> str:
    assert not answer.is_success
    return str(answer.json()["code"])


@pytest.mark.parametrize("operation", ONCE, ids=lambda operation: operation.name)
def test_asked_for_again_it_is_what_was_made_the_first_time(
    playground: Playground, operation: Operation
) -> None:
    scene = Scene.of(playground, operation.permission)
    if operation.name == "make_class":
        playground.class_of(scene.owner)  # by which he gets a mentor's card
    path = scene.path(operation)
    body: Json = {**(scene.body(operation) or {}), "client_id": uuid7()}
    body |= {"cover": None} if "cover" in body else {}

    def ask(_: int) -> httpx.Response:
        return scene.owner.http.post(path, json=body)

    with ThreadPoolExecutor(3) as threads:
        made = [good(answer) for answer in threads.map(ask, range(3))]
    assert len({each["id"] for each in made}) == 1
    assert good(ask(0)) == made[0]
    otherwise = scene.owner.http.post(path, json=body | _otherwise(scene, body))
    assert code_of(otherwise) == "reference_reused"


def _otherwise(scene: Scene, body: Json) -> Json:
    """What makes it something else that could be asked for."""
    if "places" in body:
        return scene.playground.wish()
    field = next(name for name in OTHERWISE if name in body)
    return {field: OTHERWISE[field]}


def test_everything_that_may_be_named_is_tried_here() -> None:
    assert {operation.name for operation in ONCE} == {
        "create_room",
        "make_class",
        "apply_as_mentor",
        "ask_question",
        "answer_question",
        "comment_on_question",
        "comment_on_answer",
        "write_post",
        "comment_on_post",
        "apply_at_random",
        "publish_notice",
    }


def question(person: Person, name: str) -> httpx.Response:
    return person.http.post(
        QUESTIONS, json={"title": "어디서 만날까요?", "text": "강가에서요?", "client_id": name}
    )


def test_a_name_is_its_persons_own(playground: Playground) -> None:
    mina, jun = playground.people(2, "mentee")
    name = uuid7()
    mine, his = good(question(mina, name)), good(question(jun, name))
    assert mine["id"] != his["id"]
    assert (mine["author"]["id"], his["author"]["id"]) == (mina.id, jun.id)


def test_what_was_refused_was_not_made_and_may_be_asked_for_under_its_name(playground: Playground) -> None:
    [mina] = playground.people(1, "mentee")
    name = uuid7()
    wrong = {"title": "그림", "text": "여기요", "pictures": [uuid7()], "client_id": name}
    assert code_of(mina.http.post(QUESTIONS, json=wrong)) == "attachment_not_found"
    good(question(mina, name))


def test_what_is_gone_by_now_is_not_made_anew(playground: Playground) -> None:
    [mina] = playground.people(1, "mentee")
    name = uuid7()
    asked = good(question(mina, name))
    good(mina.http.delete(f"{QUESTIONS}/{asked['id']}"))
    assert code_of(question(mina, name)) == "question_not_found"
    wanted = {"company": "마당", "introduction": "안녕하세요", "categories": [playground.category]}
    applications = "/api/v1/me/mentor-applications"
    application = good(mina.http.post(applications, json={**wanted, "client_id": name + "-2"}))
    good(mina.http.delete(f"{applications}/{application['id']}"))
    again = mina.http.post(applications, json={**wanted, "client_id": name + "-2"})
    assert code_of(again) == "application_not_found"


def test_a_name_is_forgotten_after_a_week(playground: Playground) -> None:
    [mina] = playground.people(1, "mentee")
    control, older, newer = playground.control, uuid7(), uuid7()
    asked = [good(question(mina, name))["id"] for name in (older, newer)]
    age = "UPDATE made_once SET made_at = made_at - $2::interval WHERE client_id = $1 RETURNING true"
    for name, days in ((older, 8), (newer, 6)):
        playground.sql(age.replace("$2::interval", f"interval '{days} days'"), name)
    control.run(once.forget, control.services)
    again = [good(question(mina, name))["id"] for name in (older, newer)]
    assert again[0] != asked[0]
    assert again[1] == asked[1]
