"""`./deploy/up --smoke`, the whole of it: real stores, control, two replicas, the front, two people."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_two_people_talk_over_two_replicas_and_nothing_else_is_touched() -> None:
    run = ROOT / ".madang" / "run.json"
    before = run.read_bytes() if run.exists() else None
    elsewhere = {"DATABASE_URL": "postgresql://nobody.invalid/theirs", "MADANG_PORT": "1"}

    smoke = subprocess.run(
        [sys.executable, "-m", "deploy.local", "--smoke"],
        cwd=ROOT,
        env={**os.environ, **elsewhere},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
    )

    assert smoke.returncode == 0, smoke.stdout
    assert smoke.stdout.count("  ok  ") == 9
    assert (run.read_bytes() if run.exists() else None) == before
