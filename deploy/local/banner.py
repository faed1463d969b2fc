"""What is printed once everything serves: where to go, as whom, and how to stop."""

from __future__ import annotations

from collections.abc import Sequence

from deploy.local.console import Console


def show(
    console: Console, *, url: str, accounts: Sequence[dict[str, str]], seconds: float, replicas: int
) -> None:
    console.say()
    console.say(f"  {console.bold('Madang is ready')} after {seconds:.1f} s, with {replicas} chatd replicas.")
    console.say()
    console.say(f"  Open        {console.bold(url)}")
    for number, account in enumerate(accounts):
        label = "Sign in as" if number == 0 else ""
        console.say(f"  {label:<11} {account['email']}  {account['password']}  ({account['nickname']})")
    if len(accounts) >= 2:
        console.say("  Talk        in two terminals:")
        for account in accounts[:2]:
            console.say(
                f"              .venv/bin/python -m chatd.client --url {url} --email {account['email']}"
            )
    console.say("  Stop        Ctrl-C")
    console.say()
