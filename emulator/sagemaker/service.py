"""The composition: the model, the kinds and the operations make an emulator."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import cast

from emulator.aws import model
from emulator.engine.catalogue import Act, Follow
from emulator.engine.clock import Chance, Clock
from emulator.engine.emulator import Emulator
from emulator.engine.identity import snake
from emulator.engine.kind import Kind
from emulator.engine.scope import Settings
from emulator.sagemaker import kinds, operations
from emulator.sagemaker.patterns import PRINTED

# Which topic answers which operation, so that a topic is loaded when it is first asked for.
TOPICS = {
    "AddTags": "tags",
    "BatchDescribeModelPackage": "model_packages",
    "DeleteTags": "tags",
    "ListAliases": "image_versions",
    "ListTags": "tags",
}

# Which topic does what follows when a resource of a kind is created, changes its state, or ends.
FOLLOWS: dict[str, str] = {}


class Declarations:
    """SageMaker's kinds and operations, found by being there: ``kinds/model_package.py`` declares ModelPackage."""

    def __init__(self) -> None:
        files = {module.name for module in iter_modules(kinds.__path__)}
        self._modules = {name: snake(name) for name in _nouns() if snake(name) in files}
        self.kinds = frozenset(self._modules)
        self.operations = frozenset(TOPICS)

    def kind(self, name: str) -> Kind:
        """Return the declaration of a kind."""
        return cast("Kind", import_module(f"{kinds.__name__}.{self._modules[name]}").KIND)

    def operation(self, name: str) -> Act:
        """Return the function that answers an operation."""
        return cast("Act", import_module(f"{operations.__name__}.{TOPICS[name]}").OPERATIONS[name])

    def follow(self, kind: str) -> Follow | None:
        """Return the function that does what follows from a kind's creation, change of state, or end."""
        topic = FOLLOWS.get(kind)
        return cast("Follow", import_module(f"{operations.__name__}.{topic}").follow) if topic else None


def sagemaker(settings: Settings | None = None, clock: Clock | None = None, chance: Chance | None = None) -> Emulator:
    """Return a new SageMaker with nothing in it."""
    return Emulator(model.load("sagemaker"), _declarations(), settings, clock, chance, PRINTED)


@cache
def _declarations() -> Declarations:
    return Declarations()


def _nouns() -> Iterator[str]:
    """Yield what the operations of the model are about."""
    for name in model.load("sagemaker").operations:
        for verb in ("Create", "Describe", "Delete"):
            if name.startswith(verb):
                yield name.removeprefix(verb)
