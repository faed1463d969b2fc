"""People and rooms of a server that knows neither: whoever and whatever is named."""

from __future__ import annotations

from collections.abc import Sequence

from tests.bench.harness import Person, Plan, Target, people_needed, seat_plan


def target_of(
    name: str, wire: str, plan: Plan, ports: Sequence[int], pids: Sequence[int], note: str
) -> Target:
    """A running server of this wire, its people spread over its ports; names are as long as our ids."""
    rooms = [f"{name}-{n:036d}"[-36:] for n in range(plan.rooms)]
    people = [Person(f"{n:036d}") for n in range(people_needed(plan))]
    listeners, senders, soloist = seat_plan(plan, ports, rooms, people)
    return Target(wire, listeners, senders, soloist, list(pids), note)
