"""What is written down is there when somebody goes on from it: all that was acknowledged, and nothing else."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from emulator.aws.errors import ServiceError
from emulator.engine import ledger, state
from emulator.engine.clock import Chance, Clock
from emulator.engine.ledger import FILE, Ledger, LedgerError
from emulator.engine.scope import Scope
from tests.engine.library import ACCOUNT, REGION, Library
from tests.holding import held

Open = Callable[..., Library]


@pytest.fixture
def opened() -> Iterator[Open]:
    """Return a function that returns a library which goes on from what is written in a directory."""
    ledgers: list[Ledger] = []

    def open_(directory: Path, library: Library | None = None) -> Library:
        library = library or Library()
        ledgers.append(ledger.open(library.emulator, directory))
        return library

    yield open_
    for one in ledgers:
        one.close()


@pytest.fixture
def library(opened: Open, tmp_path: Path) -> Library:
    """A library that is written down."""
    return opened(tmp_path / "state")


@pytest.fixture
def after(opened: Open, tmp_path: Path) -> Callable[[], Library]:
    """Return a function that returns the library as it is after the power of its process was cut just now."""
    numbers = iter(range(100))

    def crashed() -> Library:
        copy = tmp_path / f"crashed {next(numbers)}"
        shutil.copytree(tmp_path / "state", copy)
        return opened(copy)

    return crashed


def limit(library: Library, pages: int) -> None:
    """Let the ledger's file have so many pages, as if the disk were full then."""
    ledger_: Any = library.emulator.store.ledger
    ledger_._file.execute(f"PRAGMA max_page_count = {pages}")


def fill(library: Library) -> None:
    """Let the disk be full, down to the last byte."""
    limit(library, 1)
    with suppress(ServiceError):
        for number in range(1000):
            library("CreateRack", RackName=f"filler{number}", Label="x" * 60)


def lock(library: Library, *, locked: bool = True) -> None:
    """Let nothing at all be written, or let it again."""
    ledger_: Any = library.emulator.store.ledger
    ledger_._file.execute(f"PRAGMA query_only = {locked:d}")


def names(library: Library, region: str = REGION) -> list[str]:
    listed = library("ListRacks", region=region, SortBy="Name", SortOrder="Ascending", MaxResults=100)
    return [one["RackName"] for one in listed["Racks"]]


# --- What is written --------------------------------------------------------------------------------------------------


def test_what_calls_have_made_changed_and_ended_is_there_after_a_crash(
    library: Library, after: Callable[[], Library]
) -> None:
    library("CreateRack", RackName="r", Label="l", ClientToken="t", Tags=[{"Key": "a", "Value": "b"}])
    library("CreateRack", RackName="gone")
    library("CreateRack", region="us-east-1", RackName="elsewhere")
    library("CreateBook", BookName="b", RackName="r", Pages=3)
    library("PutBookPolicy", BookName="b", Policy="{}")
    library("CreateEdition", BookName="b", Aliases=["first"])
    library("CreateEdition", BookName="b", Aliases=["second"])
    library("UpdateRack", RackName="r", Label="other")
    library("DeleteRack", RackName="gone")
    with library.emulator.at(ACCOUNT, REGION) as scope:
        for one, other in (("a", "2"), ("a", "1"), ("b", "1")):
            scope.place.relation("lent").add(one, other)
        scope.place.relation("lent").remove("a", "2")
        scope.place.relation("lent").add("a", "2")
        for name in "cab":
            scope.place.shelf("notes").put(name, {"of": name})
        scope.place.shelf("notes").remove("a")

    again = after()

    assert held(again.emulator) == held(library.emulator)
    assert state.export(again.emulator) == state.export(library.emulator)


def test_what_comes_after_a_crash_comes_behind_what_was_before(library: Library, after: Callable[[], Library]) -> None:
    with library.emulator.at(ACCOUNT, REGION) as scope:
        for name in "zyx":
            scope.place.shelf("notes").put(name, 1)
            scope.place.relation("lent").add(name, "all")
    for name in ("one", "two"):
        library("CreateRack", RackName=name)
    library("DeleteRack", RackName="two")

    again = after()
    again("CreateRack", RackName="three")
    with again.emulator.at(ACCOUNT, REGION) as scope:
        scope.place.shelf("notes").put("a", 1)
        scope.place.relation("lent").add("a", "all")

        assert list(scope.place.shelf("notes")) == ["z", "y", "x", "a"]
        assert scope.place.relation("lent").to("all") == ["z", "y", "x", "a"]
        serials = {key: one.serial for (key,), one in scope.place.table("Rack").records.items()}
    assert serials == {"one": 1, "three": 3}


def test_a_call_that_was_made_with_a_token_is_made_once_also_after_a_crash(
    library: Library, after: Callable[[], Library]
) -> None:
    made = library("CreateRack", RackName="r", Label="l", ClientToken="t")

    again = after()

    assert again("CreateRack", RackName="r", Label="l", ClientToken="t") == made
    assert names(again) == ["r"]


def test_what_time_has_changed_and_somebody_has_seen_is_written(library: Library, after: Callable[[], Library]) -> None:
    library("CreateLoan", LoanName="l", BookName="b")
    library.clock.advance(hours=5)
    seen = library("DescribeLoan", LoanName="l")

    again = after()

    assert held(again.emulator) == held(library.emulator)
    assert again("DescribeLoan", LoanName="l") == seen


def test_a_refused_call_writes_nothing_and_a_call_within_it_neither(
    library: Library, after: Callable[[], Library]
) -> None:
    library("CreateRack", RackName="before", Label="l")

    def half(scope: Scope) -> None:
        library("CreateRack", RackName="within")
        scope.call("UpdateRack", {"RackName": "before", "Label": "other"})
        scope.call("DeleteRack", {"RackName": "before"})
        scope.place.shelf("notes").put("a", 1)
        scope.place.clear()
        raise ServiceError("Refused", "at the last moment")

    with pytest.raises(ServiceError), library.emulator.at(ACCOUNT, REGION) as scope:
        half(scope)

    assert names(library) == ["before"]
    assert held(after().emulator) == held(library.emulator)


def test_a_call_within_a_call_is_written_with_it_and_not_before(library: Library, after: Callable[[], Library]) -> None:
    with library.emulator.at(ACCOUNT, REGION):
        library("CreateRack", RackName="within")
        assert names(after()) == []

    assert names(after()) == ["within"]


def test_a_reset_is_written_whole_or_where_it_was_made(library: Library, after: Callable[[], Library]) -> None:
    for region in (REGION, "us-east-1"):
        library("CreateRack", region=region, RackName="r")

    library.emulator.control.reset(region=REGION)
    assert (names(after()), names(after(), "us-east-1")) == ([], ["r"])
    library.emulator.control.reset()
    assert held(after().emulator) == {}
    library("CreateRack", RackName="new")
    assert names(after()) == ["new"]


def test_what_is_taken_in_is_written_in_place_of_what_was(library: Library, after: Callable[[], Library]) -> None:
    library("CreateRack", RackName="kept")
    kept = state.export(library.emulator)
    library("CreateRack", RackName="other")

    library.emulator.control.load(kept)

    assert names(after()) == ["kept"]
    assert held(after().emulator) == held(library.emulator)


def test_a_seed_of_several_places_is_written_whole_or_not_at_all(
    library: Library, after: Callable[[], Library]
) -> None:
    both: list[Any] = [{"region": region, "CreateRack": {"RackName": "r"}} for region in (REGION, "us-east-1")]

    with pytest.raises(ValueError, match="Entry 3"):
        library.emulator.control.load([*both, {"CreateRack": {}}])
    assert held(after().emulator) == {}
    library.emulator.control.load(both)
    assert (names(after()), names(after(), "us-east-1")) == (["r"], ["r"])


def test_threads_in_several_places_write_all_that_they_were_told(
    library: Library, after: Callable[[], Library]
) -> None:
    def work(region: str, who: int) -> None:
        for number in range(20):
            library("CreateRack", region=region, RackName=f"r{who}x{number}")
            if number % 3 == 0:
                library("DeleteRack", region=region, RackName=f"r{who}x{number}")

    threads = [threading.Thread(target=work, args=(region, who)) for who in (1, 2) for region in (REGION, "us-east-1")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(names(library)) == 26
    assert held(after().emulator) == held(library.emulator)


def test_a_ledger_is_begun_where_a_file_has_one_name_only(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("os.link", refuse)
    library = opened(tmp_path)

    library("CreateRack", RackName="r")

    assert [one.name for one in tmp_path.iterdir() if not one.name.endswith("-wal")] == [FILE]


# --- What cannot be written -------------------------------------------------------------------------------------------


def test_a_call_that_cannot_be_written_is_refused_and_changes_nothing(
    library: Library, after: Callable[[], Library]
) -> None:
    library("CreateRack", RackName="before", Label="l")
    fill(library)
    before = held(library.emulator)

    with pytest.raises(ServiceError) as refused:
        library("CreateRack", RackName="new", Label="l" * 60, ClientToken="t" * 60)

    assert (refused.value.code, refused.value.status) == ("InternalFailure", 500)
    assert held(library.emulator) == before
    assert held(after().emulator) == before


def test_a_number_that_no_file_has_room_for_cannot_be_written(library: Library) -> None:
    library("CreateRack", RackName="before")
    library.emulator.store.number(2**63)

    with pytest.raises(ServiceError, match="cannot be written down"):
        library("CreateRack", RackName="new")

    assert names(library) == ["before"]


def test_a_refused_seed_leaves_no_place_that_cannot_be_written(library: Library) -> None:
    with pytest.raises(ValueError, match="Entry 1: region is"):
        library.emulator.control.load([{"region": "\ud800", "CreateRack": {"RackName": "r"}}])

    library.emulator.store.reset()
    assert library.emulator.store.places() == []


def test_what_could_not_be_written_can_be_made_later(library: Library, after: Callable[[], Library]) -> None:
    fill(library)
    limit(library, 10_000)

    library("CreateRack", RackName="later")

    assert "later" in names(after())
    assert held(after().emulator) == held(library.emulator)


def test_reading_goes_on_while_nothing_can_be_written_and_what_time_changed_is_written_later(
    library: Library, after: Callable[[], Library]
) -> None:
    library("CreateBook", BookName="b")
    lock(library)
    seen = library("DescribeBook", BookName="b")
    lock(library, locked=False)

    library("CreateRack", RackName="later")

    assert seen["BookStatus"] == "Available"
    assert held(after().emulator) == held(library.emulator)


def test_an_import_that_fails_at_the_last_moment_leaves_the_clock_where_it_was(library: Library) -> None:
    other = Library()
    other.clock.advance(days=3)
    for number in range(60):
        other("CreateRack", RackName=f"r{number}", Label="x" * 60)
    now = library.clock.now()
    fill(library)
    before = held(library.emulator)

    with pytest.raises(ServiceError, match="full"):
        library.emulator.control.load(state.export(other.emulator))

    assert library.clock.now() == now
    assert held(library.emulator) == before


def test_a_reset_an_import_and_a_seed_that_cannot_be_written_change_nothing(
    library: Library, after: Callable[[], Library]
) -> None:
    library("CreateRack", RackName="before")
    kept = state.export(library.emulator)
    many = [{"region": region, "CreateRack": {"RackName": "r"}} for region in ("us-east-1", "us-east-2")]
    before, now = held(library.emulator), library.clock.now()
    lock(library)

    for change in (
        library.emulator.store.reset,
        lambda: library.emulator.control.load(kept),
        lambda: library.emulator.control.load(many),
        lambda: library.clock.advance(5),
        library.clock.run,
    ):
        with pytest.raises(ServiceError, match="cannot be written down"):
            change()
        assert held(library.emulator) == before
        assert library.clock.now() == now
    assert held(after().emulator) == before


# --- Time and chance --------------------------------------------------------------------------------------------------


def test_a_clock_that_stands_or_is_ahead_goes_on_so(
    opened: Open, library: Library, after: Callable[[], Library]
) -> None:
    library.clock.set("2030-01-01")
    again = after()
    assert again.clock.frozen
    assert again.clock.now() == library.clock.now()

    library.clock.run()
    library.clock.advance(days=400)
    again = after()
    assert not again.clock.frozen
    assert abs(again.clock.now() - library.clock.now()) < 3600


def test_time_does_not_go_back_when_the_machine_s_clock_does(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = Library()
    library.emulator.clock = library.clock = Clock()  # type: ignore[assignment]
    first = ledger.open(library.emulator, tmp_path)
    library("CreateRack", RackName="r")
    before = library.clock.now()
    first.close()
    monkeypatch.setattr("emulator.engine.clock.machine_time", lambda: 1.0)

    again = Library()
    again.emulator.clock = Clock()
    opened(tmp_path, again)

    assert before - 3600 < again.emulator.clock.now()


def test_identifiers_are_not_made_again_after_a_crash_though_the_seed_is_the_same(
    library: Library, after: Callable[[], Library]
) -> None:
    runs = [library, after(), after()]
    ids = [[run.emulator.chance.uuid() for _ in range(50)] for run in runs]

    assert ids[0] == [one.uuid() for one in [Chance(0)] for _ in range(50)]
    assert len({*ids[0], *ids[1]}) == 100
    assert ids[1] == ids[2]  # and yet the same beginnings lead to the same


# --- What is refused --------------------------------------------------------------------------------------------------


def bytes_of(directory: Path) -> dict[str, bytes]:
    read = {one.name: one.read_bytes() for one in directory.iterdir() if not one.name.endswith("-shm")}
    return {name: content for name, content in read.items() if content or name == FILE}


@pytest.fixture
def written(opened: Open, tmp_path: Path) -> Path:
    """A directory with what a process has left behind that was killed: racks in the file and in its journal."""
    alive = tmp_path / "alive"
    library = opened(alive)
    for number in range(40):
        library("CreateRack", RackName=f"r{number}", Label="x" * 60)
    ledger_: Any = library.emulator.store.ledger
    ledger_._file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for number in range(40):
        library("CreateRack", RackName=f"s{number}", Label="x" * 60)
    return Path(shutil.copytree(alive, tmp_path / "written"))


def refused(directory: Path) -> str:
    """Return why a directory is refused, which leaves it as it is."""
    before = bytes_of(directory)
    with pytest.raises(LedgerError) as error:
        ledger.open(Library().emulator, directory)
    assert bytes_of(directory) == before
    assert "\n" not in str(error.value)
    return str(error.value)


def test_what_somebody_else_is_writing_is_refused(opened: Open, tmp_path: Path) -> None:
    library = opened(tmp_path)

    assert refused(tmp_path) == f"{tmp_path / FILE}: this state is in use by another emulator."
    library("CreateRack", RackName="r")


def test_a_newer_version_is_refused(written: Path) -> None:
    with closing(sqlite3.connect(written / FILE)) as file:
        file.execute("PRAGMA user_version = 7")

    assert "this state has version 7; this emulator reads versions up to 1." in refused(written)


@pytest.mark.parametrize("content", [b"", b"not a database at all\n" * 100], ids=["nothing", "text"])
def test_a_file_that_is_no_ledger_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(content)

    assert "this is no state of an emulator, or it is damaged" in refused(tmp_path)


def test_a_database_of_somebody_else_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / FILE)) as file:
        file.execute("CREATE TABLE kept (account)")

    assert "this is no state of an emulator" in refused(tmp_path)


def test_a_directory_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(LedgerError, match="File exists"):
        ledger.open(Library().emulator, tmp_path / "file")


def test_a_journal_without_its_file_is_refused(written: Path) -> None:
    (written / FILE).unlink()

    assert "the file is missing" in refused(written)


def test_a_kind_that_is_not_known_is_refused(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.engine.library.Declarations.kinds", frozenset(), raising=False)
    library = Library()
    library.declarations.kinds = frozenset()
    before = bytes_of(written)

    with pytest.raises(LedgerError, match="of the kind Rack, which is not known"):
        ledger.open(library.emulator, written)

    assert bytes_of(written) == before


def test_a_cut_file_is_refused(written: Path) -> None:
    content = (written / FILE).read_bytes()
    for size in (1, 99, 4096, len(content) // 2, len(content) - 4096):
        (written / FILE).write_bytes(content[:size])
        with suppress(FileNotFoundError):
            (written / f"{FILE}-wal").unlink()

        assert "damaged" in refused(written) or "malformed" in refused(written)


def test_a_file_in_which_something_else_stands_is_refused_or_holds_all_the_same(written: Path, opened: Open) -> None:
    (written / f"{FILE}-wal").unlink()
    content = (written / FILE).read_bytes()
    whole = held(opened(Path(shutil.copytree(written, written.parent / "whole"))).emulator)
    found = 0
    for place in range(0, len(content), 97):
        (written / FILE).write_bytes(content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :])
        library = Library()
        try:
            ledger.open(library.emulator, written).close()
        except LedgerError:
            found += 1
        else:
            assert held(library.emulator) == whole
    assert found > len(content) // 97 // 4


def test_a_torn_tail_is_repaired_and_what_was_before_it_is_there(written: Path, opened: Open) -> None:
    journal = written / f"{FILE}-wal"
    content = journal.read_bytes()
    whole = names(opened(Path(shutil.copytree(written, written.parent / "whole"))))
    assert len(whole) == 80

    for number, torn in enumerate(
        (content[:-5], content[: len(content) // 2], content[:10], b"", content + b"\x17" * 999)
    ):
        journal.write_bytes(torn)
        library = opened(Path(shutil.copytree(written, written.parent / f"torn {number}")))

        there = names(library)
        assert {f"r{one}" for one in range(40)} <= set(there) <= set(whole)
        assert [f"s{one}" for one in range(40) if f"s{one}" in there] == [f"s{one}" for one in range(len(there) - 40)]
        library("CreateRack", RackName="new")
    assert len(there) == 80


def test_what_was_read_and_then_written_by_another_is_refused(opened: Open, tmp_path: Path) -> None:
    opened(tmp_path).emulator.store.ledger.close()  # type: ignore[union-attr]
    stand = ledger._fill(Library().emulator, ledger._read(tmp_path / FILE))
    opened(tmp_path).emulator.store.ledger.close()  # type: ignore[union-attr]

    with pytest.raises(LedgerError, match="in use"):
        ledger._hold(tmp_path / FILE, stand, stand)
