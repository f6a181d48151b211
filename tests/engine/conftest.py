"""A library for every test."""

from __future__ import annotations

import pytest

from tests.engine.library import Library


@pytest.fixture
def library() -> Library:
    """A new library with nothing in it; its clock stands still."""
    return Library()
