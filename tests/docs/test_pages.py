"""Pages are complete and their links lead somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from emulator.engine.emulator import Emulator
from emulator.engine.kind import Kind
from emulator.interfaces import cli
from emulator.interfaces.http import create_app
from emulator.sagemaker.departures import DEPARTURES, EVERYWHERE
from tests.docs.pages import PAGES, ROOT, name, prose

README = ROOT / "README.md"
DESIGNS = sorted((ROOT / "docs" / "designs").glob("*.md"))
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def anchors(page: Path) -> set[str]:
    """Return what a link may point to inside a page, as GitHub makes it of the headings."""
    headings = re.findall(r"^#+ (.*)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(page: Path) -> Iterator[str]:
    """Yield the links of a page that stay inside the project."""
    yield from (link for link in LINK.findall(prose(page)) if "://" not in link)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_internal_links_lead_somewhere(page: Path) -> None:
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page

        assert target.exists(), f"{name(page)} links to {link}"
        assert not anchor or anchor in anchors(target), f"{name(page)} links to {link}"


def test_every_page_below_docs_is_linked_from_the_index() -> None:
    index = ROOT / "docs" / "index.md"
    linked = {(index.parent / link.partition("#")[0]).resolve() for link in links(index)}

    assert {page for page in (ROOT / "docs").rglob("*.md") if page != index} <= linked


@pytest.mark.parametrize("page", DESIGNS, ids=name)
def test_a_design_has_a_goal_a_decision_and_consequences(page: Path) -> None:
    headings = re.findall(r"^## (.*)$", page.read_text("utf-8"), re.MULTILINE)

    assert headings == ["Goal", "Decision", "Consequences"]


def test_designs_are_numbered_without_gaps() -> None:
    assert [int(page.name[:4]) for page in DESIGNS] == list(range(1, len(DESIGNS) + 1))


@pytest.mark.parametrize("command", cli.main.commands)
def test_every_flag_is_in_the_readme(command: str) -> None:
    text = README.read_text("utf-8")

    assert not {flag for option in cli.main.commands[command].params for flag in option.opts if f"`{flag}`" not in text}


def test_every_field_of_a_kind_is_in_contributing() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")

    assert not {field for field in Kind._fields if f"`{field}`" not in text}


def test_every_route_of_its_own_is_in_the_readme(emulator: Emulator) -> None:
    routes = create_app(emulator).routed().url_map.iter_rules()
    rules = {route.rule for route in routes if not route.rule.startswith("/static/")}

    assert not {rule for rule in rules if rule not in README.read_text("utf-8")}


def test_every_kind_has_a_lifecycle_diagram_or_is_said_to_have_none(emulator: Emulator) -> None:
    text = (ROOT / "docs" / "lifecycles.md").read_text("utf-8")
    drawn, without = text.split("## Without a lifecycle")

    for resource in emulator.catalogue.resources():
        if resource.lifecycle:
            assert f"## {resource.name}\n" in drawn
        else:
            assert f"- {resource.name}\n" in without


def test_every_operation_is_on_the_coverage_page(emulator: Emulator) -> None:
    text = (ROOT / "docs" / "coverage.md").read_text("utf-8")

    assert not {operation for operation in emulator.model.operations if f"`{operation}`" not in text}


def test_every_departure_stands_under_a_heading_of_the_coverage_page() -> None:
    page = (ROOT / "docs" / "coverage.md").read_text("utf-8")

    assert [about for about in DEPARTURES if f"\n### {about}: " not in page] == []


def test_every_known_departure_is_on_the_coverage_page() -> None:
    page = (ROOT / "docs" / "coverage.md").read_text("utf-8")

    assert [
        said for said in (*EVERYWHERE, *chain.from_iterable(DEPARTURES.values())) if f"- {said}\n" not in page
    ] == []
