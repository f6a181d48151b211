"""Generate the compact resource schemas from cfn-lint's wheel: ``python tools/generate_registry.py WHEEL [--check]``.

cfn-lint ships the schemas of CloudFormation's registry. Its wheel is read as the archive it is, and never installed.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from emulator.companions.things import THINGS

ROOT = Path(__file__).parent.parent
SCHEMAS = ROOT / "emulator" / "registry" / "schemas"
FILES: dict[str, Callable[[str], bool]] = {  # by what it is called: which types are in it
    "sagemaker": lambda name: name.startswith("AWS::SageMaker::"),
    "companions": THINGS.__contains__,
}
DATA = "cfnlint/data/schemas"
# For readers, and for cfn-lint itself: a `format` there names a rule of its own.
DROPPED = frozenset({"description", "format", "$comment", "title", "examples"})
NAMED = frozenset({"properties", "patternProperties", "definitions"})  # their keys are names, not keywords


def compact(schema: Any, *, names: bool = False) -> Any:
    """Return a schema without what only people read; ``names`` says that its keys are names of the author's."""
    if isinstance(schema, dict):
        return {
            key: compact(value, names=not names and key in NAMED)
            for key, value in schema.items()
            if names or key not in DROPPED
        }
    return [compact(one) for one in schema] if isinstance(schema, list) else schema


def generate(wheel: Path, holds: Callable[[str], bool]) -> str:
    """Return the text of the compact schemas of some types: a header, then one type a line."""
    with ZipFile(wheel) as archive:

        def read(name: str) -> Any:
            return json.loads(archive.read(f"{DATA}/{name}.json"))

        types = {name: at for name, at in sorted(read("providers/us-east-1").items()) if holds(name)}
        header = {"source": "-".join(wheel.name.split("-")[:2]), "date": read("version")["schema_date"]}
        lines = [f"{name}\t{_json(compact(read(f'resources/{at}')))}" for name, at in types.items()]
    return "\n".join([_json(header), *lines]) + "\n"


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def main() -> int:
    """Write the schemas, or with --check say whether they differ from what would be written."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wheel", type=Path)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the file is out of date")
    given = parser.parse_args()
    wrong = 0
    for called, holds in FILES.items():
        path, text = SCHEMAS / f"{called}.schemas", generate(given.wheel, holds)
        if not given.check:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")
        elif not path.exists() or path.read_text("utf-8") != text:
            print(f"{path.relative_to(ROOT)} is not what {given.wheel.name} gives; run `make model`.")
            wrong = 1
    return wrong


if __name__ == "__main__":
    sys.exit(main())
