"""Makes `.venv` hold exactly what `requirements.lock` names, and nothing when it does already.

Runs under whatever Python was found, before anything is installed, so it uses the standard library only. What is
installed is stamped with the hash of the lock; as long as that and the Python agree, a run costs one small read. Two
runs at once take turns. Every failure is one line that says what to do; pip's own words are in `.venv/install.log`.

    bootstrap.py            make it so
    bootstrap.py --check    exit status 0 if it is so     } both are run by the Python in .venv, whose version counts
    bootstrap.py --stamp    write down that it is so      }
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
VENV = ROOT / ".venv"
STAMP = VENV / ".installed"
LOG = VENV / "install.log"

NEEDED_MB = 1500  # the packages, their archives and pip's working space

_UNREACHABLE = re.compile(
    r"NewConnectionError|NameResolutionError|ConnectTimeoutError|ReadTimeoutError|Network is unreachable"
    r"|Temporary failure in name resolution|Connection refused|Connection reset|ProxyError",
)
_DISK_FULL = re.compile(r"No space left on device|Disk quota exceeded")


class CannotSetUpError(Exception):
    """The environment cannot be made; the text is one line that says what to do."""


def wanted() -> str:
    """What the stamp says when all is installed: the lock's hash and the Python it was installed for."""
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    return f"{digest} {sys.version_info.major}.{sys.version_info.minor}\n"


def is_stamped() -> bool:
    try:
        return STAMP.read_text() == wanted()
    except OSError:
        return False


@contextlib.contextmanager
def turn() -> Iterator[None]:
    """Hold the only turn to change `.venv`. The lock is on the folder itself, so no file is left behind."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another run is installing the Python packages: waiting for it.")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def make_ready() -> None:
    """Bring `.venv` to what the lock says.

    Raises:
        CannotSetUpError: one line that says why not.
    """
    with turn():
        if in_venv(__file__, "--check"):
            return
        refuse_what_cannot_work()
        STAMP.unlink(missing_ok=True)
        if not in_venv("-c", "import sys, pip; sys.exit(sys.version_info < (3, 11))"):
            make_venv()
        install()
        if not in_venv(__file__, "--stamp"):
            raise CannotSetUpError(f"{STAMP} could not be written: remove {VENV} and run again.")


def refuse_what_cannot_work() -> None:
    place = VENV if VENV.exists() else ROOT
    if not os.access(place, os.W_OK):
        owner = account_name(place.stat().st_uid)
        raise CannotSetUpError(
            f"{place} belongs to {owner} and must be changed, which you cannot: run this as {owner}"
            + (f", or remove it (rm -rf {VENV}) and run again." if place == VENV else ".")
        )
    free_mb = shutil.disk_usage(place).free // 1024**2
    if free_mb < NEEDED_MB:
        raise CannotSetUpError(
            f"The disk is full: {free_mb} MB are free where {ROOT} lies and the Python packages need {NEEDED_MB} MB. "
            "Free some space and run again."
        )


def make_venv() -> None:
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            raise CannotSetUpError(
                f"{sys.executable} has no module {module}: install it (Debian, Ubuntu: apt install "
                f"python{sys.version_info.major}.{sys.version_info.minor}-venv), or set PYTHON to another Python."
            )
    made = subprocess.run(
        [sys.executable, "-I", "-m", "venv", "--clear", str(VENV)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        raise CannotSetUpError(why_failed(made.stdout, f"{VENV} could not be made"))


def install() -> None:
    """pip, with what it says in the log and its progress told in one line.

    The lock names everything, so nothing is to be resolved; and what is never imported need not be compiled.
    """
    total = len(re.findall(r"^\S+==", LOCK.read_text(), re.MULTILINE))
    command = [
        str(VENV / "bin" / "python"), "-I", "-m", "pip", "install",
        "--require-hashes", "--only-binary", ":all:", "--requirement", str(LOCK),
        "--no-deps", "--no-compile", "--disable-pip-version-check", "--no-input", "--progress-bar", "off",
        "--retries", "2", "--timeout", "30",
    ]  # fmt: skip
    with Progress(total) as progress, LOG.open("w") as log:
        pip = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        with pip:
            for line in pip.stdout or ():
                log.write(line)
                progress.hear(line)
        progress.succeeded = pip.returncode == 0
    if pip.returncode != 0:
        raise CannotSetUpError(why_failed(LOG.read_text(), "The Python packages could not be installed"))


def why_failed(said: str, what: str) -> str:
    """One line for what pip or venv said."""
    if _DISK_FULL.search(said):
        return f"{what}: the disk is full. Free about {NEEDED_MB} MB and run again."
    if "DO NOT MATCH THE HASHES" in said:
        return f"{what}: one that was downloaded is not the one that requirements.lock names. See {LOG}."
    if _UNREACHABLE.search(said):
        return (
            f"{what}: the package index cannot be reached. Connect this machine to the network, or name a mirror in "
            "PIP_INDEX_URL, and run again."
        )
    missing = re.search(r"No matching distribution found for (\S+)", said)
    if missing:
        return (
            f"{what}: {missing[1]} is not to be had ready-built for this system ({sys.platform}). See {LOG}."
        )
    errors = re.findall(r"^(?:ERROR|Error): *(.+)$", said, re.MULTILINE)
    return f"{what}: {errors[-1] if errors else 'no reason was given'}" + (
        f" (see {LOG})" if LOG.exists() else ""
    )


class Progress:
    """One line that says how far pip is and for how long: rewritten on a terminal, else told twice."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.succeeded = False
        self._collected = 0
        self._doing = "Fetching Python packages"
        self._began = time.monotonic()
        self._over = threading.Event()
        self._live = sys.stderr.isatty()
        self._ticker = threading.Thread(target=self._tick)

    def __enter__(self) -> Progress:
        if self._live:
            self._ticker.start()
        else:
            say(f"Installing {self.total} Python packages into .venv, once; it may take some minutes.")
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        seconds = round(time.monotonic() - self._began)
        if self._live:
            self._ticker.join()
            sys.stderr.write("\r\033[K")
        if self.succeeded:
            say(f"{self.total} Python packages are installed in .venv ({seconds} s).")

    def hear(self, line: str) -> None:
        """Take in one line of pip's."""
        if line.startswith(("Collecting ", "Requirement already satisfied")):
            self._collected += 1
        elif line.startswith("Installing collected packages"):
            self._doing = "Installing Python packages"

    def _tick(self) -> None:
        while not self._over.wait(0.2):
            seconds = round(time.monotonic() - self._began)
            count = min(self._collected, self.total)
            sys.stderr.write(f"\r\033[K{self._doing}  {count}/{self.total}  {seconds} s")
            sys.stderr.flush()


def in_venv(*words: str) -> bool:
    """Whether the Python in `.venv` is there and does this successfully."""
    command = [str(VENV / "bin" / "python"), "-I", *words]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def account_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def main(words: list[str]) -> int:
    if words == ["--check"]:
        return 0 if is_stamped() else 1
    if words == ["--stamp"]:
        STAMP.write_text(wanted())
        return 0
    try:
        make_ready()
    except CannotSetUpError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("Stopped. Run it again to go on.")
        return 130
    except OSError as error:
        say(f"{VENV} could not be made: {error.strerror or error}.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
