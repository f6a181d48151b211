"""Generate the compact service model from botocore's: ``python tools/generate_model.py [--check]``."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import botocore
from botocore.loaders import Loader

ROOT = Path(__file__).parent.parent
SERVICES = ("sagemaker", "sagemaker-featurestore-runtime", "sagemaker-metrics", "cloudcontrol", "cloudformation")
TOKENS = ("ClientToken", "ClientRequestToken")  # UpdateModelPackage has one that the model does not mark as such
KEPT = ("type", "required", "min", "max", "pattern", "enum", "sensitive", "union")


def compact(shape: dict[str, Any]) -> dict[str, Any]:
    """Return what the emulator needs of one of botocore's shapes."""
    said = {key: shape[key] for key in KEPT if shape.get(key)} | {
        bound: shape[bound] for bound in ("min", "max") if bound in shape
    }
    members = shape.get("members", {})
    if members:
        said["members"] = {name: member["shape"] for name, member in members.items()}
    for part in ("member", "key", "value"):
        if part in shape:
            said[part] = shape[part]["shape"]
    tokens = [name for name, member in members.items() if member.get("idempotencyToken") or name in TOKENS]
    if tokens:
        [said["token"]] = tokens
    return said


def departing(model: dict[str, Any]) -> dict[str, Any]:
    """Return what a header says of some services only: a namespace, codes that are no shape's name, other statuses."""
    said: dict[str, Any] = {"namespace": model["metadata"].get("xmlNamespace", ""), "codes": {}, "statuses": {}}
    for name, shape in sorted(model["shapes"].items()):
        if shape.get("exception"):
            error = shape.get("error", {})
            code = error.get("code", name)
            status = error.get("httpStatusCode", 500 if shape.get("fault") else 400)
            said["codes"] |= {name: code} if code != name else {}
            said["statuses"] |= {code: status} if status != 400 else {}
    return {key: value for key, value in said.items() if value}


def generate(service: str) -> str:
    """Return the text of a service's compact model: a header, the operations, then one shape a line."""
    model = Loader().load_service_model(service, "service-2")
    metadata = model["metadata"]
    header = {
        "service": service,
        "version": metadata["apiVersion"],
        "botocore": botocore.__version__,
        "target": metadata.get("targetPrefix", ""),  # a REST service has none
        "json": metadata.get("jsonVersion", ""),
        "errors": sorted(name for name, shape in model["shapes"].items() if shape.get("exception")),
    } | departing(model)
    operations = {
        name: [
            operation["input"]["shape"],
            operation.get("output", {}).get("shape"),
            [error["shape"] for error in operation.get("errors", [])],
        ]
        for name, operation in sorted(model["operations"].items())
    }
    lines = [_json(header), _json(operations)]
    lines += [f"{name}\t{_json(compact(shape))}" for name, shape in sorted(model["shapes"].items())]
    return "\n".join(lines) + "\n"


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def main() -> int:
    """Write the models, or with --check say whether they differ from what would be written."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a file is out of date")
    check = parser.parse_args().check
    stale = 0
    for service in SERVICES:
        path = ROOT / "emulator" / "aws" / "models" / f"{service}.model"
        text = generate(service)
        if not check:
            path.write_text(text, "utf-8")
        elif not path.exists() or path.read_text("utf-8") != text:
            print(f"{path.relative_to(ROOT)} is not what botocore {botocore.__version__} gives; run `make model`.")
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main())
