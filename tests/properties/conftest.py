"""What is said in tests/modest.py holds here."""

from __future__ import annotations

import tests.modest  # noqa: F401 - being imported is all it is for
