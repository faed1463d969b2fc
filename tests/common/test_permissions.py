"""Roles and what they permit."""

from __future__ import annotations

import re

from common.permissions import GRANTED, ROLES, permissions_of


def test_a_person_may_do_what_any_of_their_roles_grants() -> None:
    assert set(permissions_of(["mentee", "admin"])) == ROLES["mentee"] | ROLES["admin"]
    assert permissions_of(["mentee"]) == sorted(ROLES["mentee"])


def test_a_role_of_a_newer_version_grants_nothing() -> None:
    assert permissions_of(["gardener"]) == []
    assert permissions_of([]) == []


def test_permissions_are_named_domain_and_verb() -> None:
    assert GRANTED
    assert all(re.fullmatch(r"[a-z]+\.[a-z]+", permission) for permission in GRANTED)
