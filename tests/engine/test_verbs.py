"""What can be done to any kind."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.aws.errors import ServiceError
from emulator.engine.lifecycle import Pace
from tests.engine.library import ACCOUNT, REGION, Library


def refused(library: Library, operation: str, **params: Any) -> ServiceError:
    """Return the error that a call is answered with."""
    with pytest.raises(ServiceError) as error:
        library(operation, **params)
    return error.value


def test_a_kind_that_says_nothing_is_created_described_listed_updated_and_deleted(library: Library) -> None:
    room = {"Floor": 1, "Wing": "east"}

    arn = library("CreateRack", RackName="r", Label="old", Room=room)["RackArn"]
    assert library("DescribeRack", RackName="r") == {
        "RackName": "r",
        "RackArn": arn,
        "Label": "old",
        "Room": room,
        "CreationTime": 1_700_000_000,
        "LastModifiedTime": 1_700_000_000,
    }
    assert [one["RackName"] for one in library("ListRacks")["Racks"]] == ["r"]
    library.clock.advance(1.5)
    assert library("UpdateRack", RackName="r", Label="new") == {}
    described = library("DescribeRack", RackName="r")
    assert (described["Label"], described["Room"]) == ("new", room)
    assert (described["CreationTime"], described["LastModifiedTime"]) == (1_700_000_000, 1_700_000_001.5)
    assert library("DeleteRack", RackName="r") is None
    assert library("ListRacks") == {"Racks": []}


def test_what_is_taken_is_refused_in_the_kinds_words_and_changes_nothing(library: Library) -> None:
    library("CreateBook", BookName="b", Pages=7)

    error = refused(library, "CreateBook", BookName="b", Pages=8)

    arn = f"arn:aws:library:{REGION}:{ACCOUNT}:book/b"
    assert (error.code, error.message) == ("ResourceInUse", f"Book b ({arn}) is on the rack already")
    assert library("DescribeBook", BookName="b")["Pages"] == 7


@pytest.mark.parametrize("operation", ["DescribeBook", "UpdateBook", "DeleteBook"])
def test_what_is_missing_is_refused_in_the_kinds_words(library: Library, operation: str) -> None:
    error = refused(library, operation, BookName="b")

    assert (error.code, error.message) == ("ValidationException", "no book b")


def test_what_is_missing_by_derivation_has_the_declared_code(library: Library) -> None:
    error = refused(library, "DescribeRack", RackName="r")

    assert (error.code, error.message) == ("ResourceNotFound", "Rack with name r does not exist.")


@pytest.mark.parametrize("name", ["r", f"arn:aws:library:{REGION}:{ACCOUNT}:bookcase/r"])
def test_a_reference_may_be_a_name_or_an_arn_and_is_given_back_as_it_was_sent(library: Library, name: str) -> None:
    library("CreateRack", RackName="r")

    library("CreateBook", BookName="b", RackName=name)

    assert library("DescribeBook", BookName="b")["RackName"] == name


def test_a_reference_to_nothing_is_refused_in_the_words_of_what_is_missing(library: Library) -> None:
    error = refused(library, "CreateBook", BookName="b", RackName="r")

    assert (error.code, error.message) == ("ResourceNotFound", "Rack with name r does not exist.")
    assert refused(library, "DescribeBook", BookName="b").message == "no book b"


def test_a_reference_deep_inside_a_list_is_followed(library: Library) -> None:
    known = library("CreateBorrower", BorrowerName="me")["BorrowerId"]

    error = refused(library, "CreateBook", BookName="b", Authors=[{"BorrowerId": known}, {"BorrowerId": "nobody"}])

    assert error.code == "ResourceNotFound"
    assert error.message
    assert "nobody" in error.message
    library("CreateBook", BookName="b", Authors=[{"BorrowerId": known}])


def test_references_are_not_followed_where_the_settings_say_so(library: Library) -> None:
    library.emulator.settings.strict = False

    library("CreateBook", BookName="b", RackName="r")

    assert library("DescribeBook", BookName="b")["RackName"] == "r"


def test_defaults_are_filled_in_deep_inside_and_never_over_what_was_sent(library: Library) -> None:
    library.emulator.settings.strict = False
    library("CreateBook", BookName="b", Authors=[{"BorrowerId": "x"}, {"BorrowerId": "y", "Role": "painter"}])

    described = library("DescribeBook", BookName="b")

    assert [author["Role"] for author in described["Authors"]] == ["writer", "painter"]
    assert described["Pages"] == 100


def test_what_is_shown_is_computed_when_it_is_read(library: Library) -> None:
    library.emulator.settings.pace = Pace("step")
    library("CreateBook", BookName="b")

    assert [library("DescribeBook", BookName="b")["Spine"] for _ in range(3)] == [
        "b Creating",
        "b Available",
        "b Available",
    ]


def test_an_update_adds_to_a_map_and_a_list_and_takes_out_of_them(library: Library) -> None:
    library("CreateRack", RackName="r", Genres={"a": "1", "b": "2"}, Rows=["x"])

    library("UpdateRack", RackName="r", GenresToAdd={"b": "3", "c": "4"}, RowsToAdd=["y"])
    grown = library("DescribeRack", RackName="r")
    library("UpdateRack", RackName="r", GenresToRemove=["a", "b", "unknown"])
    left = library("DescribeRack", RackName="r")

    assert (grown["Genres"], grown["Rows"]) == ({"a": "1", "b": "3", "c": "4"}, ["x", "y"])
    assert left["Genres"] == {"c": "4"}


def test_what_grows_stays_within_its_bounds(library: Library) -> None:
    library("CreateRack", RackName="r", Rows=["x", "y", "z"])

    error = refused(library, "UpdateRack", RackName="r", RowsToAdd=["too much"])

    assert error.code == "ValidationException"
    assert library("DescribeRack", RackName="r")["Rows"] == ["x", "y", "z"]


def test_a_call_that_the_status_does_not_allow_is_refused_and_changes_nothing(library: Library) -> None:
    library.emulator.settings.pace = Pace("manual")
    library("CreateBook", BookName="b", Pages=1)

    error = refused(library, "UpdateBook", BookName="b", Pages=2)

    assert (error.code, error.message) == ("ValidationException", "Cannot update Book in Creating status")
    assert library("DescribeBook", BookName="b")["Pages"] == 1


def test_what_is_being_deleted_says_so(library: Library) -> None:
    library("CreateBook", BookName="b")
    library("DescribeBook", BookName="b")
    library.emulator.settings.pace = Pace("manual")
    library("DeleteBook", BookName="b")

    assert library("DescribeBook", BookName="b")["BookStatus"] == "Deleting"
    assert refused(library, "DeleteBook", BookName="b").message == "Book (b) is being deleted"


def test_stop_and_start_move_as_the_table_says_and_answer_no_body(library: Library) -> None:
    library.emulator.settings.pace = Pace("manual")
    library("CreateLoan", LoanName="l")

    assert library("StopLoan", LoanName="l") is None
    assert library("DescribeLoan", LoanName="l")["LoanStatus"] == "Stopping"
    assert refused(library, "StopLoan", LoanName="l").code == "ConflictException"
    assert refused(library, "StartLoan", LoanName="l").code == "ValidationException"
    library.emulator.push()
    library("StartLoan", LoanName="l")
    assert library("DescribeLoan", LoanName="l")["Phase"] == "Fetching"


def test_the_service_names_what_callers_do_not(library: Library) -> None:
    one, other = (library("CreateBorrower", BorrowerName="same") for _ in range(2))

    assert one["BorrowerId"] != other["BorrowerId"]
    assert one["BorrowerArn"].endswith(f"borrower/{one['BorrowerId']}")
    assert library("DescribeBorrower", BorrowerId=one["BorrowerId"])["BorrowerName"] == "same"


def test_an_attribute_is_put_read_replaced_and_taken_off(library: Library) -> None:
    library("CreateBook", BookName="b")

    assert refused(library, "GetBookPolicy", BookName="b").message == "no policy on b"
    assert library("PutBookPolicy", BookName="b", Policy="one")["BookArn"].endswith("book/b")
    library("PutBookPolicy", BookName="b", Policy="two")
    assert library("GetBookPolicy", BookName="b") == {"Policy": "two"}
    assert library("DeleteBookPolicy", BookName="b") is None
    assert refused(library, "DeleteBookPolicy", BookName="b").message == "no policy on b"


@pytest.mark.parametrize("operation", ["GetBookPolicy", "DeleteBookPolicy"])
def test_an_attribute_of_nobody_is_refused_as_nobody(library: Library, operation: str) -> None:
    assert refused(library, operation, BookName="b").message == "no book b"


def test_an_attribute_goes_with_its_resource(library: Library) -> None:
    library("CreateBook", BookName="b")
    library("PutBookPolicy", BookName="b", Policy="one")
    library("DeleteBook", BookName="b")
    library("CreateBook", BookName="b")

    assert refused(library, "GetBookPolicy", BookName="b").message == "no policy on b"
