"""What chatd is told when somebody is called otherwise, or looks otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from common import feed


def news_of(user: str, shown: Mapping[str, Any]) -> feed.ProfileChanged:
    """The news of how somebody looks by now: the `nickname`, `avatar`, `status` and `badge` of `shown`."""
    return feed.ProfileChanged(
        user=user,
        nickname=shown["nickname"],
        avatar=shown["avatar"],
        status=shown["status"],
        badge=shown["badge"],
    )
