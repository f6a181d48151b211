"""Generate the compact resource schemas from cfn-lint's wheel: ``python tools/generate_registry.py WHEEL [--check]``.

cfn-lint ships the schemas of CloudFormation's registry. Its wheel is read as the archive it is, and never installed.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any
from zipfile import ZipFile

ROOT = Path(__file__).parent.parent
PATH = ROOT / "emulator" / "registry" / "schemas" / "sagemaker.schemas"
PREFIX = "AWS::SageMaker::"
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


def generate(wheel: Path) -> str:
    """Return the text of the compact schemas: a header, then one type a line."""
    with ZipFile(wheel) as archive:

        def read(name: str) -> Any:
            return json.loads(archive.read(f"{DATA}/{name}.json"))

        types = {name: at for name, at in sorted(read("providers/us-east-1").items()) if name.startswith(PREFIX)}
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
    text = generate(given.wheel)
    if not given.check:
        PATH.parent.mkdir(exist_ok=True)
        PATH.write_text(text, "utf-8")
    elif not PATH.exists() or PATH.read_text("utf-8") != text:
        print(f"{PATH.relative_to(ROOT)} is not what {given.wheel.name} gives; run `make model`.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
