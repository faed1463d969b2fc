"""Under which account a service runs, when it refuses to run as root.

PostgreSQL does not start as root. As root its processes run as an unprivileged account that exists everywhere; whoever
is not root runs everything as themselves and never meets this module.
"""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from deploy.embedded.errors import SetUpError

_CANDIDATES = ("nobody", "daemon")


class Identity(TypedDict, total=False):
    """Arguments of `subprocess` that make a program run as an account; none: as ourselves."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """An account of this system other than root."""

    name: str
    uid: int
    gid: int

    @property
    def identity(self) -> Identity:
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_enter(self, folder: Path) -> bool:
        """Whether this account may pass through `folder` and every folder above it. The kernel is asked."""
        asked = subprocess.run(["test", "-x", str(folder)], cwd="/", check=False, **self.identity)
        return asked.returncode == 0


def unprivileged() -> Account | None:
    """The account for services that refuse root, or None when we are not root and need no other.

    Raises:
        SetUpError: if we are root and the system has no such account.
    """
    if os.geteuid() != 0:
        return None
    for name in _CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(name, entry.pw_uid, entry.pw_gid)
    raise SetUpError(
        "PostgreSQL does not run as root and this system has no account 'nobody': run this as a normal user."
    )
