"""What kinds may say of what is renamed, merged, appended, cleared, named in two ways, and over but not gone."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.aws.errors import Refusal, ServiceError
from emulator.engine.kind import Kind, Parent, Update
from emulator.engine.lifecycle import GONE, PACES, Lifecycle, Pace, Stage, State, settle, step
from tests.engine.library import KINDS, Library, sentence

FADES = Lifecycle(
    "Available",
    calls={"Delete": {"Available": "Faded", "Failed": "Faded"}},
    times={"Faded": Stage(GONE, seconds=100, steady=True)},
)


def library(*kinds: Kind) -> Library:
    return Library({**KINDS, **{kind.name: kind for kind in kinds}})


def refused(call: Any, *args: Any, **params: Any) -> str:
    with pytest.raises(ServiceError) as error:
        call(*args, **params)
    return str(error.value.message)


@pytest.mark.parametrize("pace", PACES)
def test_a_steady_stage_takes_its_seconds_at_every_pace(pace: str) -> None:
    faded = State("Faded", 1000.0)
    assert settle(FADES, faded, Pace(pace, 50.0), 1099) == faded
    assert settle(FADES, faded, Pace(pace, 50.0), 1100) == State(GONE, 1100)
    assert step(FADES, faded, 1099) == faded
    assert step(FADES, faded, 1100) == State(GONE, 1100)


def test_pushing_counts_only_what_moves() -> None:
    books = library(KINDS["Book"]._replace(lifecycle=FADES))
    books("CreateBook", BookName="one")
    books("DeleteBook", BookName="one")
    assert books.emulator.push() == 0
    books.clock.advance(100)
    assert books.emulator.push() == 1


def test_what_is_over_is_shown_and_its_name_is_free() -> None:
    books = library(KINDS["Book"]._replace(lifecycle=FADES, ended=frozenset({"Faded"})))
    books("CreateBook", BookName="one", Pages=1)
    assert "already" in refused(books, "CreateBook", BookName="one")
    books("DeleteBook", BookName="one")
    assert books("DescribeBook", BookName="one")["BookStatus"] == "Faded"
    books("CreateBook", BookName="one", Pages=2)
    assert books("DescribeBook", BookName="one")["Pages"] == 2
    assert len(books("ListBooks")["Books"]) == 1


def test_no_parent_waits_for_what_is_over() -> None:
    orphans = Refusal("ConflictException", sentence("{name} has {children}"))
    racks = library(
        KINDS["Book"]._replace(
            lifecycle=FADES,
            ended=frozenset({"Faded"}),
            references=(),
            parents=(Parent("Rack", "RackName", orphans=orphans),),
        )
    )
    racks("CreateRack", RackName="rack")
    racks("CreateBook", BookName="one", RackName="rack")
    assert refused(racks, "DeleteRack", RackName="rack") == "rack has books"
    racks("DeleteBook", BookName="one")
    racks("DeleteRack", RackName="rack")
    assert racks("ListBooks")["Books"] == []


def test_a_renamed_member_is_kept_under_its_other_name_at_birth_and_at_updates() -> None:
    books = library(KINDS["Book"]._replace(renamed={"Pages": "Spine"}, shown={}, defaults={}))
    books("CreateBook", BookName="one", Pages=3)
    assert books("DescribeBook", BookName="one")["Spine"] == 3
    books("UpdateBook", BookName="one", Pages=4)
    seen = books("DescribeBook", BookName="one")
    assert seen["Spine"] == 4
    assert "Pages" not in seen


def test_a_merged_member_keeps_what_an_update_does_not_give() -> None:
    racks = library(Kind("Rack", update=Update(merged=frozenset({"Room"}))))
    racks("CreateRack", RackName="rack", Room={"Floor": 1, "Wing": "east"})
    racks("UpdateRack", RackName="rack", Room={"Floor": 2})
    assert racks("DescribeRack", RackName="rack")["Room"] == {"Floor": 2, "Wing": "east"}
    racks("CreateRack", RackName="bare")
    racks("UpdateRack", RackName="bare", Room={"Floor": 3})
    assert racks("DescribeRack", RackName="bare")["Room"] == {"Floor": 3}


def test_an_update_adds_to_an_appended_member() -> None:
    books = library(KINDS["Book"]._replace(update=Update(appended=frozenset({"Authors"})), defaults={}))
    books("CreateBook", BookName="one", Authors=[{"Role": "writer"}])
    books("UpdateBook", BookName="one", Authors=[{"Role": "painter"}])
    assert books("DescribeBook", BookName="one")["Authors"] == [{"Role": "writer"}, {"Role": "painter"}]


def test_a_flag_that_is_set_takes_its_member_away_and_one_that_is_not_takes_nothing() -> None:
    books = library(KINDS["Book"]._replace(update=Update(clears={"Pages": "Authors"}), defaults={}))
    books("CreateBook", BookName="one", Authors=[{"Role": "writer"}])
    books("UpdateBook", BookName="one", Pages=0)
    assert "Authors" in books("DescribeBook", BookName="one")
    books("UpdateBook", BookName="one", Pages=1)
    assert "Authors" not in books("DescribeBook", BookName="one")


def test_what_can_be_named_in_two_ways_is_named_in_one() -> None:
    unnamed = Refusal("ValidationException", sentence("name the {title} in one way"))
    racks = library(Kind("Rack", keys=(("Label",), ("Secret",)), unnamed=unnamed))
    assert refused(racks, "CreateRack", RackName="rack") == "name the Rack in one way"
    assert refused(racks, "CreateRack", RackName="rack", Label="a", Secret="b") == "name the Rack in one way"  # noqa: S106
    assert racks("CreateRack", RackName="rack", Label="a")["RackArn"].endswith("/a")
    assert refused(racks, "DescribeRack", RackName="rack") == "name the Rack in one way"


def test_a_verb_may_have_words_of_its_own_for_what_is_not_there() -> None:
    said = {
        verb: Refusal("ValidationException", sentence(f"cannot {verb.lower()} {{name}}"))
        for verb in ("Delete", "Update")
    }
    racks = library(Kind("Rack", missing_to=said))
    assert refused(racks, "DeleteRack", RackName="rack") == "cannot delete rack"
    assert refused(racks, "UpdateRack", RackName="rack", Label="x") == "cannot update rack"
    assert refused(racks, "DescribeRack", RackName="rack") == "Rack with name rack does not exist."


def test_a_refusal_can_tell_which_statuses_a_call_is_allowed_in_and_where_it_would_lead() -> None:
    words = sentence("{status} is none of {allowed}: no way to {target}")
    books = library(KINDS["Book"]._replace(lifecycle=FADES, refused=Refusal("ValidationException", words)))
    books("CreateBook", BookName="one")
    books("DeleteBook", BookName="one")
    assert refused(books, "DeleteBook", BookName="one") == "Faded is none of Available, Failed: no way to Faded"
