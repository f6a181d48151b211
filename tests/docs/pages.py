"""The project's pages, and the fenced blocks in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass
class Block:
    """A fenced block, and what it says of its output: the ``text`` block right behind it."""

    language: str
    text: str
    line: int
    output: str | None = None


def blocks(page: Path) -> list[Block]:
    """Return the fenced blocks of a page, in their order."""
    found: list[Block] = []
    text, end = page.read_text("utf-8"), 0
    for fence in _FENCE.finditer(text):
        language, inside = fence.groups()
        if language == "text" and found and not text[end : fence.start()].strip():
            found[-1].output = inside
        else:
            found.append(Block(language, inside, text.count("\n", 0, fence.start()) + 1))
        end = fence.end()
    return found


def prose(page: Path) -> str:
    """Return a page without its fenced blocks."""
    return _FENCE.sub("", page.read_text("utf-8"))


def commands(page: Path) -> Iterator[str]:
    """Yield every call of the command line in the shell blocks of a page."""
    for block in blocks(page):
        if block.language == "shell":
            yield from re.findall(r"^(?:.*\$\()?sagemaker-emulator\b([^)#\n&|>]*)", block.text, re.MULTILINE)


def name(page: Path) -> str:
    """Return a page's path as people write it."""
    return page.relative_to(ROOT).as_posix()
