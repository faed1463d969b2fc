"""The table of operations: what is refused at start-up, before anybody is served."""

from __future__ import annotations

import msgspec
import pytest
from quart_trio import QuartTrio

from common.permissions import GRANTED
from control.app import refuse_strays, tables
from control.operations import LOGGED_IN, PUBLIC, Call, Operations, Rate, check
from tests.support.control import Control


class Thing(msgspec.Struct):
    name: str


def table() -> Operations:
    return Operations("things", "Things.")


def test_an_operation_says_who_may_call_it() -> None:
    operations = table()
    with pytest.raises(TypeError, match="permission"):
        operations.get("/things")  # type: ignore[call-arg]


def test_a_permission_that_no_role_grants() -> None:
    operations = table()

    @operations.get("/things", permission="thing.steal")
    async def steal() -> None:
        """Steal a thing."""

    with pytest.raises(ValueError, match=r"steal: no role grants the permission 'thing\.steal'"):
        check([operations])


def test_all_faults_are_told_at_once() -> None:
    operations = table()

    @operations.get("/things", permission=PUBLIC, errors=("nonsense",))
    async def first() -> None: ...

    @operations.get("/things", permission=PUBLIC)
    async def second(body: Thing) -> None:
        """Read things."""

    with pytest.raises(ValueError, match="nonsense") as fault:
        check([operations])
    for said in ("docstring is missing", "second: GET /things is declared twice", "a GET has no body"):
        assert said in str(fault.value)


def test_two_routes_that_differ_by_the_name_of_a_parameter_are_one() -> None:
    operations = table()

    @operations.get("/things/{thing}", permission=PUBLIC)
    async def one(thing: str) -> None:
        """One."""

    @operations.get("/things/{other}", permission=PUBLIC)
    async def two(other: str) -> None:
        """Two."""

    with pytest.raises(ValueError, match="declared twice"):
        check([operations])


def test_parameters_fit_the_path() -> None:
    operations = table()
    with pytest.raises(TypeError, match="thing"):

        @operations.get("/things/{thing}", permission=PUBLIC)
        async def wrong(call: Call) -> None:
            """Wrong."""


def test_an_operation_says_what_it_returns() -> None:
    operations = table()
    with pytest.raises(TypeError, match="returns"):

        @operations.get("/things", permission=PUBLIC)
        async def untyped(call: Call):  # type: ignore[no-untyped-def]
            """Untyped."""


def test_what_a_declaration_becomes() -> None:
    operations = table()

    @operations.post("/things", permission=min(GRANTED), rate=Rate(3, per=60), errors=("conflict",))
    async def make(call: Call, body: Thing) -> Thing:
        """Make a thing. Whoever makes it
        owns it."""
        return body

    [operation] = check([operations])
    assert (operation.summary, operation.description) == ("Make a thing", "Whoever makes it owns it.")
    assert (operation.status, operation.body, operation.result) == (200, Thing, Thing)
    assert {"conflict", "malformed", "invalid", "too_large", "forbidden", "csrf", "rate_limited"} <= set(
        operation.codes
    )
    assert make.__name__ == "make"


def test_a_route_that_did_not_come_from_the_table() -> None:
    app = QuartTrio("test", static_folder=None)

    @app.get("/back-door")
    async def back_door() -> str:
        return "open"

    with pytest.raises(ValueError, match="/back-door"):
        refuse_strays(app, [])


async def test_everything_served_says_who_may_call_it(control: Control) -> None:
    """By name: an operation that becomes public does so here, too."""
    public = {
        operation.name
        for group in tables(control.services)
        for operation in group.table
        if operation.permission is PUBLIC
    }
    assert public == {
        "ask_phone_code",
        "verify_phone_code",
        "ask_email_code",
        "verify_email_code",
        "reset_password",
        "sign_up",
        "list_providers",
        "begin_social_log_in",
        "finish_social",
        "log_in",
        "refresh_session",
        "log_out",
        "jwks",
        "read_outbox",
        "exchange_bot_token",
        "post_to_hook",
        "list_categories",
        "list_conditions",
        "get_badge_drawing",
        "list_notices",
        "see_notice",
        "version",
        "time",
        "locale",
        "enums",
        "online",
        "healthz",
        "readyz",
        "metrics",
    }
    assert LOGGED_IN is not PUBLIC
