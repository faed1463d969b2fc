"""What is printed once everything serves: where to go, as whom, what to kill when trying it out, and how to stop."""

from __future__ import annotations

from deploy.local.console import Console
from deploy.local.up import Instance

_PROGRAMS = ("control", "chatd.")


def show(console: Console, instance: Instance, *, seconds: float) -> None:
    accounts = instance.accounts
    programs = {name: pid for name, pid in instance.processes.items() if name.startswith(_PROGRAMS)}
    console.say()
    console.say(f"  {console.bold('Madang is ready')} after {seconds:.1f} s.")
    console.say()
    console.say(f"  Open        {console.bold(instance.url)}")
    for number, account in enumerate(accounts):
        label = "Sign in as" if number == 0 else ""
        role = account.get("role", "mentee")
        who = account["nickname"] if role == "mentee" else f"{account['nickname']}, {role}"
        console.say(f"  {label:<11} {account['email']:<20}{account['password']:<23} ({who})")
    if len(accounts) >= 2:
        console.say("  Talk        in two more terminals, from this folder:")
        for account in accounts[:2]:
            console.say(f"              .venv/bin/python -m chatd.client --email {account['email']}")
    console.say("  Processes   " + "  ".join(f"{name} {pid}" for name, pid in sorted(programs.items())))
    console.say("  Stop        Ctrl-C")
    console.say()
