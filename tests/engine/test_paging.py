"""Pages and the tokens between them."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.aws.errors import ServiceError
from emulator.engine import paging

QUERY = paging.query("ListBooks", "1", "r", {"StatusEquals": "Available", "MaxResults": 5, "NextToken": "t"})


@given(st.lists(st.integers()), st.integers(min_value=1, max_value=7), st.booleans())
def test_pages_joined_are_the_whole_list_filtered(entries: list[int], size: int, filter_first: bool) -> None:
    numbered, joined, begin = list(enumerate(entries)), [], 0
    while True:
        kept, last = paging.page(numbered[begin:], size, lambda one: one[1] % 2 == 0, filter_first=filter_first)
        joined += kept
        if last is None:
            break
        begin = last[0] + 1

    assert joined == [one for one in numbered if one[1] % 2 == 0]


def test_a_page_is_cut_before_it_is_filtered_unless_filters_come_first() -> None:
    odd = range(1, 10)

    assert paging.page(odd, 4, lambda one: one > 3, filter_first=False) == ([4], 4)
    assert paging.page(odd, 4, lambda one: one > 3, filter_first=True) == ([4, 5, 6, 7], 7)


def test_a_page_that_ends_with_the_list_has_none_behind_it() -> None:
    assert paging.page([1, 2], 2, lambda _: True, filter_first=False) == ([1, 2], None)
    assert paging.page([], 2, lambda _: True, filter_first=False) == ([], None)


@given(st.one_of(st.text(max_size=5), st.floats(allow_nan=False)), st.integers(min_value=0, max_value=10**12))
def test_a_token_leads_back_to_its_position(value: str | float, serial: int) -> None:
    assert paging.position(QUERY, paging.token(QUERY, (value, serial))) == (value, serial)


@pytest.mark.parametrize("bad", ["", "x", "????", "aGVsbG8=", base64.b64encode(b"0" * 40).decode()])
def test_a_damaged_token_is_refused(bad: str) -> None:
    with pytest.raises(ServiceError) as refused:
        paging.position(QUERY, bad)

    assert refused.value.code == "ValidationException"


@pytest.mark.parametrize(
    "other",
    [
        paging.query("ListLoans", "1", "r", {"StatusEquals": "Available"}),
        paging.query("ListBooks", "2", "r", {"StatusEquals": "Available"}),
        paging.query("ListBooks", "1", "s", {"StatusEquals": "Available"}),
        paging.query("ListBooks", "1", "r", {"StatusEquals": "Failed"}),
    ],
)
def test_a_token_of_another_query_is_refused(other: bytes) -> None:
    with pytest.raises(ServiceError, match="NextToken"):
        paging.position(other, paging.token(QUERY, ("a", 1)))


def test_how_much_is_asked_for_does_not_make_another_query() -> None:
    assert paging.query("ListBooks", "1", "r", {"StatusEquals": "Available", "MaxResults": 9}) == QUERY


def test_a_window_walks_a_small_list() -> None:
    entries, seen, params = ["a", "b", "c", "d", "e"], [], {"MaxResults": 2}
    for _ in range(9):
        kept, token = paging.window(QUERY, params, entries, lambda one: (one, 0), 10)
        seen.append(kept)
        if token is None:
            break
        params = {"MaxResults": 2, "NextToken": token}

    assert seen == [["a", "b"], ["c", "d"], ["e"]]
