"""Here boto3 reaches the emulator without a socket."""

from __future__ import annotations

import pytest


@pytest.fixture
def transport() -> str:
    return "inprocess"
