"""Stands in for control and chatd where only their supervisor is under test.

Answers everything with its name, ends on SIGTERM after FAKE_DRAINS seconds. Each writes
what happens to it as a line of the file FAKE_EVENTS.
"""

import json
import os
import signal
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KIND = sys.argv[1]
NAME = os.environ.get("CHATD_REPLICA", KIND)


def note(event: str) -> None:
    with open(os.environ["FAKE_EVENTS"], "a") as file:
        file.write(f"{NAME} {event}\n")


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(NAME.encode())

    def log_message(self, *_: object) -> None:
        pass


def serve() -> None:
    ports = ["CONTROL_PORT"] if KIND == "control" else ["CHATD_PORT", "CHATD_PRIVATE_PORT"]
    servers = [ThreadingHTTPServer(("127.0.0.1", int(os.environ[port])), Handler) for port in ports]
    over = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: over.set())
    note("starts")
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    print("hello from", NAME, flush=True)
    over.wait()
    note("ends")
    threading.Event().wait(float(os.environ.get("FAKE_DRAINS", "0")))


if os.environ.get("FAKE_FAILS") == NAME:
    print("no luck today", flush=True)
    sys.exit(3)
match sys.argv[2:]:
    case ["migrate"]:
        note("migrates")
    case ["seed"]:
        note("seeds")
        account = {"email": "ada@example.org", "password": "correct horse", "nickname": "Ada"}
        print(json.dumps({"accounts": [account, {**account, "email": "ben@example.org"}], "rooms": []}))
    case _:
        serve()
