"""A library for every test."""

from __future__ import annotations

import pytest

import tests.modest  # noqa: F401 - being imported is all it is for
from tests.engine.library import Library


@pytest.fixture
def library() -> Library:
    """A new library with nothing in it; its clock stands still."""
    return Library()
