"""Carry pip's settings into another root directory.

``pip config list | python tools/pip_settings.py FILE CERTIFICATES`` writes a pip.conf that says where packages come
from, as it is said here, with the certificates of over there. It prints the local paths named: mount them there.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

CARRIED = ("index-url", "extra-index-url", "find-links", "no-index", "trusted-host", "proxy", "timeout")
RENAMED = {"default-timeout": "timeout"}  # the environment's name of it


def settings(lines: Iterable[str]) -> dict[str, str]:
    """Return what is carried of the lines ``section.key='value'``; the environment's has the last word."""
    found: dict[str, str] = {}
    for line in sorted(lines, key=lambda line: line.startswith(":env:")):
        name, _, value = line.strip().partition("=")
        key = name.rpartition(".")[2]
        key = RENAMED.get(key, key)
        if key in CARRIED:
            found[key] = str(ast.literal_eval(value))
    return found


def local(value: str) -> Iterable[Path]:
    """Return the absolute paths, and those of file URLs, that exist among a value's words."""
    for word in value.split():
        path = Path(unquote(urlsplit(word).path) if word.startswith("file:") else word)
        if path.is_absolute() and path.exists():
            yield path


def mounts(paths: Iterable[Path]) -> list[Path]:
    """Return the directories to mount: an index's pages refer to the files beside them, so its parent comes along."""
    return sorted({path.parent if path.name == "simple" or path.is_file() else path for path in paths})


def main() -> None:
    """Write the file and print the mounts."""
    file, certificates = sys.argv[1:]
    found = settings(sys.stdin)
    lines = [f"{key} = {value}" for key, value in {**found, "cert": certificates}.items()]
    Path(file).write_text("\n".join(["[global]", *lines, ""]))
    for path in mounts(path for value in found.values() for path in local(value)):
        sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main()
