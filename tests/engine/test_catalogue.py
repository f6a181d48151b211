"""Which operation is answered by what."""

from __future__ import annotations

import pytest

from emulator.engine.catalogue import singulars
from tests.engine.library import Library


@pytest.mark.parametrize(
    ("operation", "how"),
    [
        ("CreateBook", "declared"),
        ("ListEditions", "declared"),
        ("StopLoan", "declared"),
        ("PutBookPolicy", "declared"),
        ("DeleteBookPolicy", "declared"),
        ("CreateRack", "derived"),
        ("ListRacks", "derived"),
        ("CountRacks", "coded"),
        ("BurnDown", None),
    ],
)
def test_a_verb_and_a_kind_place_an_operation(library: Library, operation: str, how: str | None) -> None:
    assert library.emulator.catalogue.how(operation) == how


def test_coverage_has_every_operation_of_the_model(library: Library) -> None:
    coverage = library.emulator.catalogue.coverage()

    assert coverage.keys() == library.emulator.model.operations.keys()
    assert [name for name, how in coverage.items() if how is None] == ["BurnDown"]


def test_an_attribute_that_the_kind_does_not_declare_is_not_answered() -> None:
    from tests.engine.library import KINDS, Kind  # noqa: PLC0415 - only here

    library = Library({**KINDS, "Book": Kind("Book")})

    assert library.emulator.catalogue.how("CreateBook") == "declared"
    assert library.emulator.catalogue.how("PutBookPolicy") is None
    assert library.emulator.catalogue.find("GetBookPolicy") is None


def test_a_kind_that_nobody_knows_is_no_resource(library: Library) -> None:
    with pytest.raises(LookupError, match="Ladder"):
        library.emulator.catalogue.resource("Ladder")


@pytest.mark.parametrize(("plural", "singular"), [("Books", "Book"), ("Policies", "Policy"), ("Boxes", "Box")])
def test_a_plural_has_its_singular_among_its_readings(plural: str, singular: str) -> None:
    assert singular in singulars(plural)
