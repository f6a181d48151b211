"""Shelves: documents by name."""

from __future__ import annotations

from emulator.engine.store import Place, Serials


def test_what_is_read_from_a_shelf_belongs_to_the_reader() -> None:
    shelf = Place("1", "r", Serials()).shelf("s")
    shelf.put("a", {"one": [1]})
    shelf.get("a")["one"].append(2)
    assert shelf.get("a") == {"one": [1]}
    assert shelf.get("b") is None
    assert "a" in shelf
    assert "b" not in shelf


def test_an_undone_change_of_a_shelf_leaves_documents_and_their_order_as_they_were() -> None:
    place = Place("1", "r", Serials())
    shelf = place.shelf("s")
    for name in "abc":
        shelf.put(name, name.upper())
    begin = len(place.journal)
    shelf.put("d", "D")
    shelf.put("b", "other")
    assert shelf.remove("a")
    assert not shelf.remove("a")
    place.undo(begin)
    assert list(shelf.items()) == [("a", "A"), ("b", "B"), ("c", "C")]
    assert len(shelf) == 3


def test_a_cleared_place_has_no_shelves() -> None:
    place = Place("1", "r", Serials())
    place.shelf("s").put("a", 1)
    place.clear()
    assert "a" not in place.shelf("s")
