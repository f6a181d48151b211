"""Here boto3's calls go by the fast lane."""

from __future__ import annotations

import pytest


@pytest.fixture
def transport() -> str:
    return "fast"
