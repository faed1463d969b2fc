"""Runs the sketch of chatd's data path, patiently.

    python sketch.py CHATD_SKETCH PORT REDIS_PORT MONGO_PORT

It asks Redis to wait as long as its driver waits for an answer, so on a busy machine it would end while it idles.
"""

from __future__ import annotations

import runpy
import sys
from functools import partial

import redis.asyncio

if __name__ == "__main__":
    redis.asyncio.Redis = partial(redis.asyncio.Redis, socket_timeout=60)  # type: ignore[assignment,misc]
    sys.argv = sys.argv[1:]
    runpy.run_path(sys.argv[0], run_name="__main__")
