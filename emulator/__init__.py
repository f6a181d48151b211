"""The SageMaker control plane on one machine: what it knows is AWS's API; what it does not know is machine learning.

``from emulator import SageMaker`` gives one to hold in hand; it is imported when it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from emulator.interfaces.handle import SageMaker

__version__ = "0.1.0"
__all__ = ["SageMaker", "__version__"]


def __getattr__(name: str) -> Any:
    if name == "SageMaker":
        from emulator.interfaces.handle import SageMaker  # noqa: PLC0415

        return SageMaker
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
