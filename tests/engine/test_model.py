"""The compact model against the one that it was made from: nothing is lost on the way, and nothing is added."""

from __future__ import annotations

from typing import Any

import botocore
import pytest
from botocore.loaders import Loader

from emulator.aws import model
from tests.engine.library import model_text

BOTOCORE: dict[str, Any] = Loader().load_service_model("sagemaker", "service-2")
COMPACT = model.load("sagemaker")

# Tokens that make a call idempotent, though the model does not mark them as such.
UNMARKED = {"UpdateModelPackageInput": "ClientToken"}


def test_the_compact_model_is_of_the_botocore_that_the_tests_use() -> None:
    assert COMPACT.metadata["botocore"] == botocore.__version__
    assert COMPACT.metadata["target"] == BOTOCORE["metadata"]["targetPrefix"]
    assert COMPACT.metadata["json"] == BOTOCORE["metadata"]["jsonVersion"]


def test_every_operation_is_botocores() -> None:
    assert COMPACT.operations.keys() == BOTOCORE["operations"].keys()
    for name, operation in BOTOCORE["operations"].items():
        compact = COMPACT.operations[name]
        assert compact.input == operation["input"]["shape"]
        assert compact.output == operation.get("output", {}).get("shape")
        assert list(compact.errors) == [error["shape"] for error in operation.get("errors", [])]


def test_every_shape_has_botocores_members_and_constraints() -> None:
    assert {shape.name for shape in COMPACT.shapes()} == BOTOCORE["shapes"].keys()
    for name, said in BOTOCORE["shapes"].items():
        shape = COMPACT.shape(name)
        assert shape.type == said["type"]
        assert dict(shape.members) == {member: one["shape"] for member, one in said.get("members", {}).items()}
        assert list(shape.members) == list(said.get("members", {})), "the order of the members is that of the faults"
        assert list(shape.required) == said.get("required", [])
        assert (shape.min, shape.max) == (said.get("min"), said.get("max"))
        assert shape.pattern == said.get("pattern")
        assert list(shape.enum) == said.get("enum", [])
        assert shape.sensitive == said.get("sensitive", False)
        assert shape.union == said.get("union", False)
        for part in ("member", "key", "value"):
            assert getattr(shape, part) == said.get(part, {}).get("shape", "")


def test_every_token_is_the_member_that_botocore_fills_in() -> None:
    for name, said in BOTOCORE["shapes"].items():
        tokens = [member for member, one in said.get("members", {}).items() if one.get("idempotencyToken")]
        assert [COMPACT.shape(name).token] == (tokens or [UNMARKED.get(name, "")])


def test_the_modelled_errors_are_botocores_exceptions() -> None:
    exceptions = {name for name, shape in BOTOCORE["shapes"].items() if shape.get("exception")}

    assert COMPACT.modelled_errors == exceptions


def test_a_model_is_read_from_its_text() -> None:
    library = model.ServiceModel(model_text())

    assert library.operations["DeleteRack"].output is None
    assert library.output("DeleteRack") is None
    assert library.input("CreateRack").required == ("RackName",)
    assert library.input("CreateRack").token == "ClientToken"  # noqa: S105 - the name of a member
    assert library.shape("Rows").max == 3
    assert library.shape("Rows") is library.shape("Rows")


def test_an_unknown_shape_is_no_shape() -> None:
    with pytest.raises(KeyError, match="Ladder"):
        COMPACT.shape("Ladder")
