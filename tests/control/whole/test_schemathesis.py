"""The OpenAPI document against the server: whatever is asked, what is answered is what the document says.

Schemathesis makes the requests, from the document alone: ones that fit it and ones that do not, and the edges of every
bound. Each is sent by somebody drawn from everybody: nobody, a person of each role, the owner of what the path leads to,
a bot. No answer may be a 5xx, or have a status, a content type or a body that the document does not say; and what does not
fit it must be refused.

An ordinary run tries a dozen requests on each operation, always the same ones; `MADANG_FUZZ=100` times as many, and others.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final, get_args

import hypothesis
import pytest
import requests
import schemathesis
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.schemas import APIOperation

from common.permissions import Role
from control.operations import Operation
from tests.control.whole.conftest import OPERATIONS
from tests.support.fuzz import amount
from tests.support.makers import FIELDS
from tests.support.playground import Playground
from tests.support.scenes import Scene

ORDINARY: Final = "MADANG_FUZZ" not in os.environ
EXAMPLES: Final = 3
EDGES: Final = 8
REFUSED: Final = [401, 403, 404, 409, 410, 413, 415, 422, 429]  # by a rule that the document cannot say
CHECKS: Final = {
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "positive_data_acceptance",
    "negative_data_rejection",
}
CONFIG: Final = {
    "checks": {
        "enabled": False,
        **{check: {"enabled": True} for check in CHECKS},
        "positive_data_acceptance": {"enabled": True, "expected-statuses": ["2xx", 303, *REFUSED]},
        "negative_data_rejection": {"enabled": True, "expected-statuses": [400, 405, *REFUSED]},
    },
    "generation": {"with-security-parameters": False, "database": "none"},
}


@pytest.fixture(scope="module")
def schema(playground: Playground) -> Any:
    """The document, as it is served."""
    said = playground.http.get("/openapi.json").json()
    return schemathesis.openapi.from_dict(said, config=SchemathesisConfig.from_dict(CONFIG))


@pytest.fixture(scope="module")
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        yield session


@pytest.fixture(scope="module")
def bot(playground: Playground) -> str:
    return playground.bot()


# Control draws its jitter on its own thread while we draw requests.
@pytest.mark.filterwarnings("ignore:Do not use the `random` module")
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_what_is_answered_is_what_the_document_says(
    playground: Playground, schema: Any, session: requests.Session, bot: str, operation: Operation
) -> None:
    described: APIOperation = schema[operation.path][operation.method]
    scene = Scene.of(playground, operation.permission)
    people = {role: playground.person(*dict.fromkeys(("mentee", role))) for role in get_args(Role)}
    tokens = {"nobody": None, "bot": bot, "owner": scene.owner.token}
    tokens |= {role: person.token for role, person in people.items()}
    fields = _fields(scene, operation)
    faults: list[str] = []

    def ask(case: schemathesis.Case, token: str | None) -> None:
        try:
            _ask(playground.control.url, session, case, token)
        except (
            FailureGroup
        ) as fault:  # told at the end: the same request may well be answered otherwise the next time
            faults.append(str(fault))

    @hypothesis.settings(amount(EXAMPLES), derandomize=ORDINARY, database=None)
    @hypothesis.given(
        caller=st.sampled_from(["owner", "owner", *tokens]),
        case=_cases(described, scene.values(operation)),
        existing=st.booleans(),
    )
    def try_it(caller: str, case: schemathesis.Case, existing: bool) -> None:
        if existing and isinstance(case.body, dict):
            case.body = case.body | {name: fields[name] for name in fields.keys() & case.body.keys()}
        ask(case, tokens[caller])

    try_it()
    for case in _edges(schema, described):
        ask(case, tokens["owner"])
    assert not faults, "\n".join(faults[:3])


def _cases(described: APIOperation, path: Mapping[str, Any]) -> st.SearchStrategy[schemathesis.Case]:
    """Requests that fit the document and ones that do not, mostly on objects that exist."""
    modes = [GenerationMode.POSITIVE]
    if path or described.query or described.body:
        modes.append(GenerationMode.NEGATIVE)
    ways = [described.as_strategy(mode, path_parameters=dict(path)) for mode in modes]
    return st.one_of([*ways, *(described.as_strategy(mode) for mode in modes if path)])


def _edges(schema: Any, described: APIOperation) -> Iterator[schemathesis.Case]:
    """Values at and beyond each bound; some of them, spread over all, in an ordinary run."""
    cases = list(
        schema.iter_coverage_cases(
            described, generation_modes=list(GenerationMode), generation_config=schema.config.generation
        )
    )
    step = max(1, len(cases) // EDGES) if ORDINARY else 1
    return islice(cases, 0, None, step)


def _fields(scene: Scene, operation: Operation) -> dict[str, Any]:
    """Objects that exist, for the fields of a body that name one."""
    names = operation.body.__struct_fields__ if operation.body else ()
    return {name: FIELDS[name](scene) for name in names if name in FIELDS}


def _ask(url: str, session: requests.Session, case: schemathesis.Case, token: str | None) -> None:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    case.call_and_validate(url, session=session, headers=headers, allow_redirects=False, timeout=60)
