"""An object of every kind, and whom it belongs to, for what is tried on every operation at once.

Objects are made through the front door, by whoever they belong to, as `tests/support/makers.py` says; a path with a
parameter that is not there fails by name, so a new kind of object brings its maker.

    scene = Scene.of(playground, "hook.create")    # an owner who may, and a stranger who may as well
    path = scene.path(operation)                   # with the owner's own objects in it
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, get_origin

import msgspec

from control.examples import example_of
from control.operations import Access, Operation
from tests.support.makers import BODIES, FIELDS, MAKERS
from tests.support.playground import Json, Person, Playground, roles_for


@dataclass
class Scene:
    """Somebody's objects, made when they are first asked for. `made` holds them by the name of their parameter."""

    playground: Playground
    owner: Person
    other: Person  # whom the owner knows
    stranger: Person  # who has nothing to do with any of it
    made: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, playground: Playground, permission: str | Access) -> Scene:
        """An owner who may do what takes `permission`, somebody he knows, and a stranger who may, too."""
        owner, stranger, other = playground.people(3, *roles_for(permission))
        return cls(playground, owner, other, stranger)

    @property
    def admin(self) -> Person:
        """Somebody who keeps order, where an object needs that."""
        return self.playground.admin

    def make(self, name: str) -> Any:
        """The owner's object that the parameter `name` leads to. Raises KeyError for a name without a maker."""
        if name not in self.made:
            whose = _whose(self.made.get("path", ""), name)
            self.made[name] = (MAKERS.get(whose) or MAKERS[name])(self)
        return self.made[name]

    def values(self, operation: Operation) -> Json:
        """A value for every parameter of the path: the owner's object, or the type's own example."""
        self.made["path"] = operation.path
        self.made["values"] = {
            name: self.make(name) if is_object(operation, name) else example_of(kind)
            for name, kind in operation.path_parameters.items()
        }
        values: Json = self.made["values"]
        return values

    def path(self, operation: Operation) -> str:
        """The path to the owner's objects."""
        return operation.path.format(**self.values(operation))

    def query(self, operation: Operation) -> Json:
        """What a query must have, by the example of its type."""
        if operation.query is None:
            return {}
        fields = msgspec.structs.fields(operation.query)
        return {each.encode_name: example_of(each.type) for each in fields if each.required}

    def body(self, operation: Operation) -> Json | None:
        """A body that fits: the example of its type, but for what `BODIES` and `FIELDS` say."""
        if operation.body is None:
            return None
        if operation.name in BODIES:
            return BODIES[operation.name](self)
        example: Json = example_of(operation.body)
        return {
            name: FIELDS[name](self) if name in FIELDS and value is not None else value
            for name, value in example.items()
        }


def is_object(operation: Operation, name: str) -> bool:
    """Whether a parameter of an operation's path leads to an object: all do but those of a closed set of words."""
    return get_origin(operation.path_parameters[name]) is not Literal


def _whose(path: str, name: str) -> str:
    """A parameter with the word before it, as `categories/{key}`: the same name may lead to different things."""
    return "/".join(path.partition(f"{{{name}}}")[0].split("/")[-2:]) + f"{{{name}}}"
