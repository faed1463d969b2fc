"""From nothing but a Python to an environment: made once, mended when broken, and refused with one line."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy import bootstrap

ROOT = Path(__file__).parents[2]
WITHIN_S = 240  # of a busy machine
UNREACHABLE = {"PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_CONFIG_FILE": os.devnull, "PIP_NO_CACHE_DIR": "1"}

# What `./deploy/up` becomes, once there is an environment to become it in.
MODULE = """
import sys
import tiny
print("runs with", *sys.argv[1:])
"""


def wheel(folder: Path, version: str) -> str:
    """Build a package `tiny` into `folder`; its line in a lock."""
    folder.mkdir(exist_ok=True)
    file = folder / f"tiny-{version}-py3-none-any.whl"
    info = f"tiny-{version}.dist-info"
    members = {
        "tiny.py": "",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: tiny\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    records = [f"{info}/RECORD,,"]
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
            records.append(f"{name},sha256={digest},{len(text)}")
        archive.writestr(f"{info}/RECORD", "\n".join(records) + "\n")
    return f"tiny=={version} --hash=sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}\n"


class Project:
    """A clone with nothing in it but the bootstrap and one package to install."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "deploy" / "local").mkdir(parents=True)
        for name in ("up", "bootstrap.sh", "bootstrap.py"):
            shutil.copy(ROOT / "deploy" / name, root / "deploy" / name)
        (root / "deploy" / "__init__.py").touch()
        (root / "deploy" / "local" / "__init__.py").touch()
        (root / "deploy" / "local" / "__main__.py").write_text(MODULE)
        self.wheels = root.with_name("wheels")  # pip splits a path at its spaces
        self.lock.write_text(wheel(self.wheels, "1.0"))

    @property
    def lock(self) -> Path:
        return self.root / "requirements.lock"

    @property
    def stamp(self) -> Path:
        return self.root / ".venv" / ".installed"

    def start(self, *words: str, **environ: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [self.root / "deploy" / "up", *words],
            cwd="/",
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={
                "PATH": os.environ["PATH"],
                "PYTHON": sys.executable,
                "PIP_NO_INDEX": "1",
                "PIP_FIND_LINKS": str(self.wheels),
                **environ,
            },
        )

    def up(self, *words: str, **environ: str) -> tuple[int, str, list[str]]:
        """Run it to its end: exit status, what it printed, and the lines it told people."""
        process = self.start(*words, **environ)
        printed, told = process.communicate(timeout=WITHIN_S)
        return process.returncode, printed, told.splitlines()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """One project whose environment lost its Python, set up anew by two runs at once."""
    project = Project(tmp_path_factory.mktemp("project") / "a clone")  # a space, as people have them
    project.stamp.parent.joinpath("bin").mkdir(parents=True)
    project.stamp.parent.joinpath("bin", "python").symlink_to("/nowhere/python3")
    project.stamp.write_text("all is well")
    runs = [project.start("--some", "word") for _ in range(2)]
    results = [(*run.communicate(timeout=WITHIN_S), run.returncode) for run in runs]
    told = "".join(error for _, error, _ in results)
    assert [(printed, status) for printed, _, status in results] == [("runs with --some word\n", 0)] * 2, told
    assert told.count("Installing 1 Python packages into .venv") == 1
    assert told.count("1 Python packages are installed") == 1
    return project


def test_the_second_time_nothing_is_done(made: Project, tools: Path) -> None:
    """No other Python is looked for, even."""
    before = made.stamp.stat().st_mtime_ns
    assert made.up("again", PATH=str(tools), PYTHON="/nowhere") == (0, "runs with again\n", [])
    assert made.stamp.stat().st_mtime_ns == before


def test_another_lock_is_installed(made: Project) -> None:
    made.lock.write_text(wheel(made.wheels, "2.0"))
    status, _, told = made.up()
    assert status == 0
    assert told[0].startswith("Installing 1 Python packages")
    installed = subprocess.run([made.root / ".venv/bin/pip", "freeze"], capture_output=True, text=True)
    assert installed.stdout == "tiny==2.0\n"


@pytest.fixture
def refused(made: Project, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Run with another lock, which must fail; the line it tells. The environment is then not taken for a good one."""
    good = made.lock.read_text()

    def refused(lock: str, **environ: str) -> str:
        made.lock.write_text(lock)
        try:
            status, printed, told = made.up(**environ)
            assert not made.stamp.exists()
        finally:
            made.lock.write_text(good)
        assert (status, printed) == (1, "")
        assert told[0].startswith("Installing 1 Python packages")
        (line,) = told[1:]
        return line

    return refused


def test_a_package_that_is_not_the_locked_one_is_refused(made: Project, refused: Callable[..., str]) -> None:
    wheel(made.wheels, "3.0")
    line = refused(f"tiny==3.0 --hash=sha256:{'0' * 64}\n")
    assert "one that was downloaded is not the one that requirements.lock names" in line


def test_a_package_that_does_not_exist_for_this_system_is_named(refused: Callable[..., str]) -> None:
    line = refused(f"absent==2.0 --hash=sha256:{'0' * 64}\n")
    assert "absent==2.0 is not to be had ready-built for this system" in line


def test_without_network_it_says_so(refused: Callable[..., str]) -> None:
    line = refused(
        f"absent==2.0 --hash=sha256:{'0' * 64}\n", PIP_NO_INDEX="0", PIP_RETRIES="0", **UNREACHABLE
    )
    assert "the package index cannot be reached. Connect this machine to the network" in line


@pytest.fixture
def bare(tmp_path: Path) -> Project:
    return Project(tmp_path / "bare")


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A PATH with what every system has, and no Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in ("sh", "dirname", "env"):
        (folder / tool).symlink_to(shutil.which(tool) or pytest.fail(f"no {tool}"))
    return folder


def test_without_a_python_it_says_what_to_install(bare: Project, tools: Path) -> None:
    status, _, told = bare.up(PATH=str(tools), PYTHON="")
    assert status == 1
    assert len(told) == 1
    assert told[0].startswith("Python 3.11 or newer is needed and none was found: install it (")


def test_older_pythons_are_passed_over(bare: Project, tools: Path) -> None:
    for name in ("python3.11", "python3"):  # as pyenv's shims are there for versions that are not chosen
        (tools / name).write_text("#!/bin/sh\nexit 1\n")
        (tools / name).chmod(0o755)
    (tools / "python3.12").write_text('#!/bin/sh\ntest "$1" = -c || { echo "made by $0" >&2; exit 7; }\n')
    (tools / "python3.12").chmod(0o755)
    assert bare.up(PATH=str(tools), PYTHON="") == (7, "", [f"made by {tools}/python3.12"])


def test_a_given_python_that_is_too_old_is_refused(bare: Project, tools: Path) -> None:
    assert bare.up(PYTHON="/bin/false") == (
        1,
        "",
        ["PYTHON=/bin/false is not Python 3.11 or newer: set it to one that is, or unset it."],
    )


def test_a_python_without_venv_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        bootstrap.importlib.util, "find_spec", lambda name: None if name == "ensurepip" else 1
    )
    with pytest.raises(bootstrap.CannotSetUpError, match=r"has no module ensurepip: install it \(.*-venv\)"):
        bootstrap.make_venv()


def test_a_full_disk_is_said_before_and_after(monkeypatch: pytest.MonkeyPatch) -> None:
    full = shutil._ntuple_diskusage(2**40, 2**40, 7 * 2**20)  # type: ignore[attr-defined]
    monkeypatch.setattr(bootstrap.shutil, "disk_usage", lambda _: full)
    with pytest.raises(bootstrap.CannotSetUpError, match="The disk is full: 7 MB are free where"):
        bootstrap.refuse_what_cannot_work()
    said = "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device"
    assert bootstrap.why_failed(said, "It failed").startswith("It failed: the disk is full. Free about")


def test_an_environment_of_another_user_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap.os, "access", lambda *_: False)
    with pytest.raises(
        bootstrap.CannotSetUpError, match=r"\.venv belongs to \S+ and must be changed, which you cannot"
    ):
        bootstrap.refuse_what_cannot_work()
