"""Every screen of the web app in both languages, by day and at night, on a phone and at a desk, for people to look at.

    .venv/bin/python -m tests.browser.screenshots [FOLDER]

Starts a Madang of its own with the demo. The pictures go to `.madang/screens/`, which is not kept in the repository, unless
another folder is named: `room-ko-dark-phone.png` and so on.
"""

from __future__ import annotations

import sys
import tempfile
from itertools import product
from pathlib import Path
from typing import Final, get_args

import trio

from tests.browser.screens import ADMIN, ADMINS, MEMBERS, STRANGERS, Screen, places
from tests.browser.visitor import Language, Theme, Visitor, open_visitor
from tests.support.chromium import open_chromium
from tests.support.yard import Yard, open_yard

USUAL: Final = Path(__file__).parents[2] / ".madang" / "screens"
WINDOWS: Final = {"phone": (390, 844), "desk": (1280, 800)}


async def photograph(visitor: Visitor, screen: Screen, path: str, language: Language, folder: Path) -> None:
    await visitor.goes(path)
    for theme, (window, (width, height)) in product(get_args(Theme), WINDOWS.items()):
        await visitor.looks(theme=theme, width=width, height=height)
        await visitor.finds(screen.ready)
        await visitor.settles()
        (folder / f"{screen.name}-{language}-{theme}-{window}.png").write_bytes(await visitor.picture())


async def photograph_all(yard: Yard, profile: Path, folder: Path) -> None:
    names = places(yard, yard.accounts["하늘"])
    async with open_chromium(profile) as chromium:
        for language in get_args(Language):
            visitor = await open_visitor(chromium, yard.url, language=language, path="/login")
            for screen in STRANGERS:
                await photograph(visitor, screen, screen.path, language, folder)
            for nickname, screens in (("하늘", MEMBERS), (ADMIN, ADMINS)):
                visitor = await open_visitor(chromium, yard.url, language=language, path="/login")
                await visitor.log_in(yard.accounts[nickname], language=language)
                for screen in screens:
                    await photograph(visitor, screen, screen.path.format(**names), language, folder)


def main(folder: Path = USUAL) -> None:
    """Take them all."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="madang-screens-") as place:
        Path(place).chmod(0o711)  # PostgreSQL may run under another account
        profile = Path(place) / "chromium"
        profile.mkdir()
        vouching = {"SOCIAL_KAKAO_CLIENT_ID": "madang", "SOCIAL_KAKAO_CLIENT_SECRET": "between us"}
        with open_yard(Path(place), vouching) as yard:
            trio.run(photograph_all, yard, profile, folder)
    print(f"{len(list(folder.glob('*.png')))} pictures are in {folder}")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
