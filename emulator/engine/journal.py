"""The journal of a place: how the present call's changes are undone, and what is to be written down of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Undo = Callable[[], object]
Mark = tuple[str, str, Any]  # what has changed: the sort of it, whose it is, and its key there

RECORD, PAIR, DOCUMENT = "record", "pair", "document"
ALL: Mark = ("all", "", None)


class Journal(list[Undo]):
    """The steps that undo what was changed, in the order of the changes.

    Where somebody writes down what there is, ``touched`` names what may be other than it was written. What was changed
    and undone again is among it: whoever writes looks at what is there then.
    """

    def __init__(self) -> None:
        super().__init__()
        self.touched: dict[Mark, None] | None = None

    def note(self, undo: Undo, sort: str, name: str, key: Any) -> None:
        """Note how a change is undone, and what it is a change of."""
        self.append(undo)
        if self.touched is not None:
            self.touched[sort, name, key] = None

    def note_all(self, undo: Undo) -> None:
        """Note how a change of everything is undone."""
        self.append(undo)
        if self.touched is not None:
            self.touched = {ALL: None}
