from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel as BotoModel
from botocore.model import Shape as BotoShape
from botocore.parsers import QueryParser
from botocore.serialize import QuerySerializer
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.aws import model, query
from emulator.aws.errors import ServiceError
from emulator.aws.model import ServiceModel
from tests.engine.library import compact

CLOUDFORMATION = BotoModel(Loader().load_service_model("cloudformation", "service-2"))
# What CloudFormation has none of: blobs, fractions, times in a request, a shape that contains itself.
SHAPES: dict[str, dict[str, Any]] = {
    "Text": {"type": "string"},
    "Blob": {"type": "blob"},
    "Double": {"type": "double"},
    "Long": {"type": "long"},
    "Time": {"type": "timestamp"},
    "Truth": {"type": "boolean"},
    "Counts": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Node"}},
    "Nodes": {"type": "list", "member": {"shape": "Node"}},
    "Node": {
        "type": "structure",
        "members": {name: {"shape": name} for name in ("Blob", "Double", "Long", "Time", "Truth", "Counts", "Nodes")},
    },
}
MADE_UP = BotoModel({
    "metadata": {"protocol": "query", "apiVersion": "2026-01-01", "endpointPrefix": "madeup"},
    "operations": {
        "Do": {
            "name": "Do",
            "http": {"method": "POST", "requestUri": "/"},
            "input": {"shape": "Node"},
            "output": {"shape": "Node", "resultWrapper": "DoResult"},
        }
    },
    "shapes": SHAPES,
})  # fmt: skip
HEADER = {"version": "2026-01-01", "namespace": "https://madeup/", "errors": []}


def madeup() -> ServiceModel:
    def inner(said: Any) -> Any:
        return said["shape"] if isinstance(said, dict) and "shape" in said else said

    shapes = {name: {key: inner(value) for key, value in shape.items()} for name, shape in SHAPES.items()}
    for shape in shapes.values():
        if "members" in shape:
            shape["members"] = {one: inner(value) for one, value in shape["members"].items()}
    return ServiceModel(compact(HEADER, {"Do": ["Node", "Node", []]}, shapes))


MODELS = {"cloudformation": model.load("cloudformation"), "madeup": madeup()}
OPERATIONS = [*(("cloudformation", name) for name in CLOUDFORMATION.operation_names), ("madeup", "Do")]

SCALARS = {
    "string": st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\t\n\r<&>\"'+% .")),
    "boolean": st.booleans(),
    "integer": st.integers(-(2**31), 2**31 - 1),
    "long": st.integers(-(2**53), 2**53),
    "double": st.floats(allow_nan=False, allow_infinity=False, width=32, min_value=-1e9, max_value=1e9),
    "timestamp": st.integers(0, 4_102_444_800),
    "blob": st.binary(max_size=20),
}


def values(shape: BotoShape, depth: int = 0) -> st.SearchStrategy[Any]:
    """Return any value of a shape; what would be empty where a form has no way to say so is left out."""
    if shape.type_name == "structure":
        members = {
            name: values(inner, depth + 1)
            for name, inner in shape.members.items()
            if depth < 4 or inner.type_name in SCALARS
        }
        return st.fixed_dictionaries({}, optional=members).map(full)
    if shape.type_name == "list":
        return st.lists(values(shape.member, depth + 1).filter(lambda one: one != {}), max_size=3)
    if shape.type_name == "map":
        inner = values(shape.value, depth + 1).filter(lambda one: one not in ({}, []))
        return st.dictionaries(values(shape.key), inner, max_size=3)
    return SCALARS[shape.type_name]


def full(value: dict[str, Any]) -> dict[str, Any]:
    return {name: inner for name, inner in value.items() if inner != {}}


def plain(value: Any) -> Any:
    """Return what botocore has parsed, times as numbers and blobs as bytes."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items() if name != "ResponseMetadata"}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value.timestamp() if isinstance(value, datetime) else value


def boto(service: str, operation: str) -> Any:
    return (CLOUDFORMATION if service == "cloudformation" else MADE_UP).operation_model(operation)


@pytest.mark.parametrize(("service", "operation"), OPERATIONS)
@settings(max_examples=8)
@given(data=st.data())
def test_a_form_is_read_as_botocore_meant_it(service: str, operation: str, data: st.DataObject) -> None:
    said = boto(service, operation)
    params = data.draw(values(said.input_shape))
    body = QuerySerializer().serialize_to_request(params, said)["body"]
    assert query.decode(MODELS[service], query.fields(urlencode(body).encode())) == (operation, params)


@pytest.mark.parametrize(("service", "operation"), [one for one in OPERATIONS if boto(*one).output_shape])
@settings(max_examples=8)
@given(data=st.data())
def test_botocore_reads_an_answer_as_it_was_meant(service: str, operation: str, data: st.DataObject) -> None:
    shape = boto(service, operation).output_shape
    answer = data.draw(values(shape))
    body = query.encode(MODELS[service], operation, answer, "a-request")
    parsed = QueryParser().parse({"body": body, "headers": {}, "status_code": 200}, shape)
    assert parsed["ResponseMetadata"]["RequestId"] == "a-request"
    assert plain(parsed) == answer


@given(
    code=st.from_regex("[A-Za-z]{1,30}", fullmatch=True),
    message=SCALARS["string"].filter(bool),
    status=st.sampled_from([400, 500]),
)
def test_botocore_reads_an_error_as_it_was_meant(code: str, message: str, status: int) -> None:
    body = query.encode_error(MODELS["cloudformation"], ServiceError(code, message, status), "a-request")
    parsed = QueryParser().parse({"body": body, "headers": {}, "status_code": status}, None)
    assert parsed["Error"] == {"Type": "Sender" if status == 400 else "Receiver", "Code": code, "Message": message}
    assert parsed["ResponseMetadata"]["RequestId"] == "a-request"


PATHS = st.lists(st.sampled_from(["Tags", "member", "1", "2", "Key", "Parameters", "", "x", "StackName"]), max_size=5)


@given(st.dictionaries(PATHS.map(".".join), st.text(max_size=3), max_size=6))
def test_no_form_is_read_as_anything_but_params_or_a_refusal(said: dict[str, str]) -> None:
    try:
        _, params = query.decode(MODELS["cloudformation"], said | {"Action": "CreateStack"})
    except ServiceError as error:
        params, code = {}, error.code
        assert code == query.MALFORMED
    assert params.keys() <= {"Tags", "Parameters", "StackName"}
