"""The composition: the model, the kinds and the operations make an emulator."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import cast

from emulator.aws import model
from emulator.engine.catalogue import Beyond, Follow, Work, singulars
from emulator.engine.clock import Chance, Clock
from emulator.engine.emulator import Emulator
from emulator.engine.identity import snake
from emulator.engine.kind import Kind
from emulator.engine.scope import Act, Settings
from emulator.sagemaker import kinds, operations
from emulator.sagemaker.events import Teller
from emulator.sagemaker.patterns import PRINTED
from emulator.sagemaker.topics import CHANGES, FOLLOWS, TOPICS, WORKS


class Declarations:
    """SageMaker's kinds and operations, found by being there: ``kinds/model_package.py`` declares ModelPackage."""

    def __init__(self) -> None:
        files = {path.stem for path in Path(kinds.__path__[0]).iterdir()}
        nouns = _nouns()
        self.declared = frozenset(noun for noun in nouns if snake(noun) in files)
        self.operations = frozenset(TOPICS)
        self.working = frozenset(WORKS)
        self.kinds = self.declared | {noun for noun, verbs in nouns.items() if self._derivable(noun, verbs)}

    def _derivable(self, noun: str, verbs: set[str]) -> bool:
        """Say whether a noun is a kind though nobody declared it, and not another face of one: all coded."""
        needed = {"Create", "Describe"}
        return needed <= verbs and not {verb + noun for verb in needed} <= self.operations

    def kind(self, name: str) -> Kind:
        """Return the declaration of a kind; one that nobody declared says nothing, and all follows from the model."""
        if name not in self.declared:
            return Kind(name)
        return cast("Kind", import_module(f"{kinds.__name__}.{snake(name)}").KIND)

    def operation(self, name: str) -> Act:
        """Return the function that answers an operation."""
        return cast("Act", _topic(TOPICS[name]).OPERATIONS[name])

    def beyond(self) -> Beyond:
        """Return the function that refuses params which refer to what other services do not have."""
        from emulator.sagemaker.rules.neighbours import refuse  # noqa: PLC0415 - without neighbours nobody needs it

        return refuse

    def follows(self, kind: str) -> tuple[Follow, ...]:
        """Return the functions that do what follows from a kind's creation, change of state, or end."""
        return _follows(kind)

    def changes(self, kind: str) -> list[Follow]:
        """Return the functions that do what follows from a change of members in an unchanged state."""
        return [cast("Follow", _topic(topic).changed) for topic in CHANGES.get(kind, ())]

    def works(self, kind: str) -> Work:
        """Return the function that does the work of a kind whose life says that it works."""
        return cast("Work", _topic(WORKS[kind]).work)


def sagemaker(settings: Settings | None = None, clock: Clock | None = None, chance: Chance | None = None) -> Emulator:
    """Return a new SageMaker with nothing in it."""
    return Emulator(model.load("sagemaker"), _declarations(), settings, clock, chance, PRINTED, Teller())


@cache
def _declarations() -> Declarations:
    return Declarations()


@cache
def _follows(kind: str) -> tuple[Follow, ...]:
    return tuple(cast("Follow", _topic(topic).follow) for topic in FOLLOWS.get(kind, ()))


@cache
def _topic(name: str) -> ModuleType:
    return import_module(f"{operations.__name__}.{name}")


def _nouns() -> dict[str, set[str]]:
    """Return what the operations of the model are about, with the verbs that are done to it."""
    nouns: dict[str, set[str]] = {}
    for name in model.load("sagemaker").operations:
        for verb in ("Create", "Describe", "Update", "Delete", "List", "Start", "Import", "Register"):
            if name.startswith(verb):
                noun = name.removeprefix(verb)
                for one in singulars(noun) if verb in ("List", "Register") else (noun,):
                    nouns.setdefault(one, set()).add(verb)
    return nouns
