"""Which resource waits for which, and in what order they can be made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from graphlib import CycleError, TopologicalSorter

from emulator.cloudformation import sentences
from emulator.cloudformation.references import references
from emulator.cloudformation.sentences import TemplateError
from emulator.cloudformation.template import Declared

Dependencies = Mapping[str, Set[str]]


def dependencies(resources: Mapping[str, Declared], holds: Callable[[str], bool] | None = None) -> dict[str, set[str]]:
    """Return by logical id what each resource waits for: what it refers to, and what it says it depends on.

    ``holds`` says whether a condition holds: then resources that are not wanted are left out, and Fn::If leads one way.
    """
    wanted = {
        logical: declared
        for logical, declared in resources.items()
        if holds is None or declared.condition is None or holds(declared.condition)
    }
    return {
        logical: {name for name in _names(declared, holds) if name in wanted} for logical, declared in wanted.items()
    }


def order(waits: Dependencies) -> list[list[str]]:
    """Return logical ids in rounds: what is in one round waits only for what is in rounds before.

    Within a round the order is that of the template. TemplateError if resources wait for each other.
    """
    sorter = sorted_out(waits)
    place = {logical: number for number, logical in enumerate(waits)}
    rounds = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=place.__getitem__)
        rounds.append(ready)
        sorter.done(*ready)
    return rounds


def sorted_out(waits: Dependencies) -> TopologicalSorter[str]:
    """Return a prepared sorter, for whoever goes on as soon as one is done; TemplateError if there is a circle."""
    sorter = TopologicalSorter(waits)
    try:
        sorter.prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        names = ", ".join(sorted(set(circle)))
        raise TemplateError(sentences.CIRCULAR(names=names)) from None
    return sorter


def _names(declared: Declared, holds: Callable[[str], bool] | None) -> set[str]:
    return {one.name for one in references(declared.properties, holds)} | set(declared.depends_on)
