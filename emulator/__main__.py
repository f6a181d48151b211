"""``sagemaker-emulator``, and ``python -m emulator``: brings the command line in, in as little time as may be."""

from __future__ import annotations

import gc


def main() -> None:
    """Run the command line. Nothing that is imported will ever be garbage, so the collector is spared looking at it."""
    gc.disable()
    from emulator.interfaces.cli import main as run  # noqa: PLC0415 - with the collector off

    gc.freeze()
    gc.enable()
    run()


if __name__ == "__main__":
    main()
