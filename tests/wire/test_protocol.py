"""The protocol, byte by byte, over a real socket."""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from emulator import __version__
from emulator.engine.clock import ManualClock
from emulator.engine.emulator import Emulator
from emulator.interfaces.way import LARGEST
from tests.conftest import ACCOUNT, REGION, ROLE
from tests.wire.raw import FORM, JSON, Reply, Wire, ask, authorization, head, headers_of, replies, request

IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/serve:1"
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
OTHER = "999988887777"


def make_model(wire: Wire, name: str = "m", **how: Any) -> None:
    """Make a model, perhaps in another account or region."""
    made = wire.call("CreateModel", {"ModelName": name, "PrimaryContainer": {"Image": IMAGE}}, **how)
    assert made.status == 200, made


def names(wire: Wire, **how: Any) -> list[str]:
    """Return the names of the models that one account has in one region."""
    return [model["ModelName"] for model in wire.call("ListModels", **how).json["Models"]]


# --- Headers and bodies -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation", "params", "status"),
    [
        ("ListModels", {}, 200),
        ("CreateModelPackageGroup", {"ModelPackageGroupName": "g"}, 200),
        ("DeleteModel", {"ModelName": "m"}, 200),
        ("DescribeModel", {"ModelName": "missing"}, 400),
        ("DescribeImage", {"ImageName": "missing"}, 400),
        ("NoSuchOperation", {}, 400),
    ],
)
def test_every_answer_carries_four_headers_and_no_more(
    wire: Wire, operation: str, params: dict[str, Any], status: int
) -> None:
    make_model(wire)
    reply = wire.call(operation, params)
    assert reply.status == status
    assert reply.headers.keys() == {"x-amzn-requestid", "content-type", "content-length", "date"}
    assert reply.headers["content-type"] == JSON
    assert reply.headers["content-length"] == str(len(reply.body))
    assert UUID.fullmatch(reply.headers["x-amzn-requestid"])
    assert parsedate_to_datetime(reply.headers["date"]).tzinfo is not None
    assert reply.headers["date"].endswith(" GMT")


def test_every_request_has_an_id_of_its_own(wire: Wire) -> None:
    ids = {wire.call("ListModels").headers["x-amzn-requestid"] for _ in range(20)}
    assert len(ids) == 20


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("DeleteModel", {"ModelName": "m"}),
        ("DeleteModelPackageGroup", {"ModelPackageGroupName": "g"}),
        ("DeleteModelPackageGroupPolicy", {"ModelPackageGroupName": "g"}),
    ],
)
def test_an_operation_without_output_answers_without_a_byte(wire: Wire, operation: str, params: dict[str, str]) -> None:
    make_model(wire)
    wire.done("CreateModelPackageGroup", ModelPackageGroupName="g")
    wire.done("PutModelPackageGroupPolicy", ModelPackageGroupName="g", ResourcePolicy="{}")
    reply = wire.call(operation, params)
    assert (reply.status, reply.body, reply.headers["content-length"]) == (200, b"", "0")
    assert reply.headers["content-type"] == JSON


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("DeleteTags", {"ResourceArn": f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:image/i", "TagKeys": ["a"]}),
        ("DeleteImageVersion", {"ImageName": "i", "Version": 1}),
        ("DeleteImage", {"ImageName": "i"}),
    ],
)
def test_an_operation_with_an_empty_output_answers_an_empty_object(
    wire: Wire, operation: str, params: dict[str, Any]
) -> None:
    wire.done("CreateImage", ImageName="i", RoleArn=ROLE)
    wire.done("CreateImageVersion", ImageName="i", BaseImage=IMAGE, ClientToken="t")
    reply = wire.call(operation, params)
    assert (reply.status, reply.body) == (200, b"{}")


@pytest.mark.parametrize(
    ("now", "written"),
    [
        (1_700_000_000.0, b"1700000000"),
        (1_700_000_000.5, b"1700000000.5"),
        (1_666_064_247.19, b"1666064247.19"),
        (1_632_260_141.5612345, b"1632260141.561"),
        (1_632_260_141.9996, b"1632260142"),
    ],
)
def test_a_time_is_a_number_with_three_decimals_at_most(
    wire: Wire, emulator: Emulator, now: float, written: bytes
) -> None:
    emulator.clock = ManualClock(now)
    make_model(wire)
    body = wire.call("DescribeModel", {"ModelName": "m"}).body
    assert re.search(rb'"CreationTime":([^,}]+)', body)[1] == written  # type: ignore[index]


def test_text_beyond_ascii_goes_in_and_out_as_utf_8(wire: Wire) -> None:
    said = "Größe, 模型, 🤖"
    raw = json.dumps({"ImageName": "i", "RoleArn": ROLE, "Description": said}, ensure_ascii=False).encode()
    escaped = json.dumps({"ImageName": "j", "RoleArn": ROLE, "Description": said}).encode()
    for body in (raw, escaped):
        assert wire.post("SageMaker.CreateImage", body).status == 200
    for name in ("i", "j"):
        assert f'"Description":"{said}"'.encode() in wire.call("DescribeImage", {"ImageName": name}).body


def test_text_beyond_ascii_in_a_refusal_is_counted_in_bytes(wire: Wire) -> None:
    reply = wire.call("DescribeModel", {"ModelName": "模"})
    assert "Value '模' at 'modelName'".encode() in reply.body
    assert int(reply.headers["content-length"]) == len(reply.body) > len(reply.text)


# --- Connections ------------------------------------------------------------------------------------------------------


def test_one_connection_serves_many_calls(wire: Wire) -> None:
    connection = wire.connection()
    connection.connect()
    opened = connection.sock
    answers = []
    for operation in ("ListModels", "DescribeModel", "NoSuch", "ListImages"):
        reply = ask(connection, "POST", "/", b"{}", headers_of(f"SageMaker.{operation}"))
        answers.append(reply.status)
        assert connection.sock is opened, "the server closed the connection"
    connection.close()
    assert answers == [200, 400, 400, 200]


def test_pipelined_calls_are_answered_in_their_order(wire: Wire) -> None:
    with wire.socket() as sock:
        sock.sendall(request("ListModels") + request("DescribeModel") + request("NoSuch") + request("ListImages"))
        answers = replies(sock, 4)
    assert [reply.status for reply in answers] == [200, 400, 400, 200]
    assert [answers[0].body, answers[2].body, answers[3].body] == [
        b'{"Models":[]}',
        b'{"__type":"UnknownOperationException"}',
        b'{"Images":[]}',
    ]


def test_a_call_in_chunks_is_read(wire: Wire) -> None:
    with wire.socket() as sock:
        sock.sendall(head(headers_of("SageMaker.DescribeModel") | {"Transfer-Encoding": "chunked"}))
        for chunk in (b'{"Model', b'Name"', b':"x"}', b""):
            sock.sendall(b"%x\r\n%s\r\n" % (len(chunk), chunk))
        [reply] = replies(sock, 1)
    assert reply.json["message"] == f'Could not find model "arn:aws:sagemaker:{REGION}:{ACCOUNT}:model/x".'


def test_http_1_0_is_answered_and_closed(wire: Wire) -> None:
    with wire.socket() as sock:
        sock.sendall(request("ListModels", first="POST / HTTP/1.0"))
        with sock.makefile("rb") as stream:
            answer = stream.read()
    assert answer.startswith(b"HTTP/1.0 200 OK\r\n")
    assert b"\r\nConnection: close\r\n" in answer
    assert answer.endswith(b'\r\n\r\n{"Models":[]}')


def test_a_client_that_waits_for_a_continue_gets_one(wire: Wire) -> None:
    with wire.socket() as sock, sock.makefile("rb") as stream:
        sock.sendall(head(headers_of("SageMaker.ListModels") | {"Content-Length": "2", "Expect": "100-continue"}))
        assert stream.readline() == b"HTTP/1.1 100 Continue\r\n"
        assert stream.readline() == b"\r\n"
        sock.sendall(b"{}")
        assert stream.readline() == b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    "begun",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"POST / HT", id="half a first line"),
        pytest.param(request("CreateModel")[:60], id="half the headers"),
        pytest.param(head(headers_of("SageMaker.CreateModel") | {"Content-Length": "500"}), id="no body"),
        pytest.param(request("CreateModel", b'{"ModelName":"half"}')[:-3], id="half a body"),
        pytest.param(head({"Transfer-Encoding": "chunked"}) + b"ff\r\nabc", id="half a chunk"),
    ],
)
def test_a_client_that_leaves_half_way_leaves_nothing_behind(
    wire: Wire, kept: Callable[[], dict[Any, Any]], begun: bytes
) -> None:
    with wire.socket() as sock:
        sock.sendall(begun)
        sock.shutdown(socket.SHUT_WR)
        assert sock.recv(1) == b"", "half a request was answered"
    assert wire.alive()
    assert kept() == {}


def test_a_client_that_does_not_wait_for_its_answer_harms_no_other(wire: Wire) -> None:
    for number in range(20):
        with wire.socket() as sock:
            sock.sendall(request("CreateModelPackageGroup", b'{"ModelPackageGroupName":"g%d"}' % number))
    assert wire.alive()


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", id="TLS"),
        pytest.param(b"hello\r\n\r\n", id="not HTTP"),
        pytest.param(head({"Content-Length": "many"}), id="a length that is no number"),
        pytest.param(head({"Content-Length": "-2"}), id="a length below nothing"),
        pytest.param(head({"Transfer-Encoding": "chunked"}) + b"zz\r\n{}\r\n0\r\n\r\n", id="a chunk without a length"),
        pytest.param(head({"Transfer-Encoding": "gzip"}), id="an unknown transfer encoding"),
        pytest.param(head({"X Y": "z"}), id="a header with a blank"),
        pytest.param(head({"X": "z" * 300_000}), id="a header too long"),
    ],
)
def test_what_is_not_http_is_refused_in_plain_words(wire: Wire, sent: bytes) -> None:
    with wire.socket() as sock:
        sock.sendall(sent)
        [reply] = replies(sock, 1)
    assert 400 <= reply.status <= 501
    assert reply.headers["content-type"].startswith("text/plain")
    assert b"Traceback" not in reply.body
    assert wire.alive()


# --- Errors, byte for byte --------------------------------------------------------------------------------------------

UNREADABLE = b'{"__type":"SerializationException"}'
UNKNOWN = b'{"__type":"UnknownOperationException"}'


@pytest.mark.parametrize(
    ("operation", "params", "code", "key", "message"),
    [
        (
            "DescribeModel",
            {"ModelName": "x"},
            "ValidationException",
            "message",
            r"Could not find model \"arn:aws:sagemaker:us-east-1:123456789012:model/x\".",
        ),
        (
            "DescribeImage",
            {"ImageName": "x"},
            "ResourceNotFound",
            "Message",
            "Image with ARN arn:aws:sagemaker:us-east-1:123456789012:image/x does not exist",
        ),
        (
            "CreateImage",
            {"ImageName": "taken", "RoleArn": ROLE},
            "ResourceInUse",
            "Message",
            "The Image with ImageName taken already exists. Please use a different ImageName.",
        ),
        (
            "DescribeModel",
            {"ModelName": 1},
            "SerializationException",
            "message",
            "NUMBER_VALUE can not be converted to a String",
        ),
    ],
)
def test_an_error_has_a_bare_type_and_one_message(
    wire: Wire, operation: str, params: dict[str, Any], code: str, key: str, message: str
) -> None:
    wire.done("CreateImage", ImageName="taken", RoleArn=ROLE)
    reply = wire.call(operation, params)
    assert (reply.status, reply.text) == (400, f'{{"__type":"{code}","{key}":"{message}"}}')


def test_every_operation_that_is_not_emulated_says_so_with_its_name(wire: Wire, emulator: Emulator) -> None:
    connection = wire.connection()
    for name in [name for name, how in emulator.catalogue.coverage().items() if not how]:
        reply = ask(connection, "POST", "/", b"{}", headers_of(f"SageMaker.{name}"))
        assert reply.headers.keys() == {"x-amzn-requestid", "content-type", "content-length", "date"}
        assert (reply.status, reply.headers["content-type"]) == (501, JSON)
        assert reply.text == (
            f'{{"__type":"NotImplemented","message":"{name} is an operation of SageMaker that this emulator does not '
            'answer yet. GET /_emulator/coverage, or `sagemaker-emulator coverage`, lists those that it does."}'
        )
    connection.close()


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "SageMaker",
        "SageMaker.",
        "ListModels",
        "sagemaker.ListModels",
        "SageMaker.listModels",
        "SageMaker.LISTMODELS",
        "SageMaker.ListModels.",
        "SageMaker..ListModels",
        "SageMakerRuntime.InvokeEndpoint",
        "DynamoDB_20120810.ListTables",
        "SageMaker.NoSuchOperation",
    ],
)
def test_a_target_that_names_no_operation_is_unknown(wire: Wire, target: str | None) -> None:
    reply = wire.post(target, b"{}")
    assert (reply.status, reply.headers["content-type"], reply.body) == (400, JSON, UNKNOWN)


@pytest.mark.parametrize("content_type", [None, "", "text/plain", "application/x-amz-json-1.0", "application/xml"])
def test_a_content_type_of_another_protocol_is_not_found(wire: Wire, content_type: str | None) -> None:
    reply = wire.post("SageMaker.ListModels", b"{}", content_type=content_type)
    assert (reply.status, reply.headers["content-type"]) == (404, "text/xml")
    assert reply.body == b"<UnknownOperationException/>\n"


@pytest.mark.parametrize("content_type", ["application/json", f"{JSON}; charset=utf-8", "Application/X-AMZ-JSON-1.1"])
def test_a_content_type_that_means_json_is_read(wire: Wire, content_type: str) -> None:
    assert wire.post("SageMaker.ListModels", b"{}", content_type=content_type).body == b'{"Models":[]}'


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b" ", id="blank"),
        pytest.param(b"null", id="null"),
        pytest.param(b"true", id="true"),
        pytest.param(b"1", id="number"),
        pytest.param(b'"x"', id="text"),
        pytest.param(b'{"ModelName":"x",}', id="trailing comma"),
        pytest.param(b'{"ModelName":"x"', id="cut off"),
        pytest.param(b'{"ModelName":"x"}}', id="one brace too many"),
        pytest.param(b"{'ModelName':'x'}", id="single quotes"),
        pytest.param(b'{ModelName:"x"}', id="bare key"),
        pytest.param(b'{"ModelName":"x"} // note', id="comment"),
        pytest.param(b'{"ModelName":"a\tb"}', id="bare tab"),
        pytest.param(b'{"ModelName":"\\x"}', id="unknown escape"),
        pytest.param(b'{"ModelName":"\\u12"}', id="half an escape"),
        pytest.param(b'{"x":NaN}', id="NaN"),
        pytest.param(b'{"x":Infinity}', id="Infinity"),
        pytest.param(b'{"x":-Infinity}', id="-Infinity"),
        pytest.param(b'{"x":1e400}', id="1e400"),
        pytest.param(b'{"x":-1e400}', id="-1e400"),
        pytest.param(b'{"x":01}', id="leading zero"),
        pytest.param(b'{"x":' + b"9" * 5000 + b"}", id="5000 digits"),
        pytest.param(b"\xff", id="not UTF-8"),
        pytest.param(b'{"ModelName":"\xc3"}', id="half a UTF-8 character"),
        pytest.param(b'{"ModelName":"\xed\xa0\x80"}', id="surrogate as UTF-8"),
        pytest.param(b"\xef\xbb\xbf{}", id="byte order mark"),
        pytest.param('{"ModelName":"x"}'.encode("utf-16"), id="UTF-16"),
        pytest.param(b"Action=ListModels", id="form"),
        pytest.param(b"<x/>", id="XML"),
        pytest.param(b"[" * 100_000, id="100k lists deep"),
        pytest.param(b'{"x":' * 100_000, id="100k objects deep"),
        pytest.param(b'{"x":' + b"[" * 200 + b"]" * 200 + b"}", id="201 deep and closed"),
        pytest.param(b'{"ModelName":' + b"[" * 100_000 + b"]" * 100_000 + b"}", id="100k deep and closed"),
    ],
)
def test_a_body_that_is_no_json_object_is_refused_without_a_word(wire: Wire, body: bytes) -> None:
    reply = wire.post("SageMaker.DescribeModel", body)
    assert (reply.status, reply.headers["content-type"], reply.body) == (400, JSON, UNREADABLE)
    assert wire.alive()


def test_a_body_may_be_deep_and_the_history_tells_it(wire: Wire) -> None:
    body = b'{"x":' + b"[" * 199 + b'"{[{["' + b"]" * 199 + b"}"
    assert wire.post("SageMaker.ListModels", body).status == 200
    assert wire.send("GET", "/_emulator/calls").json[-1]["input"] == json.loads(body)
    for form in ("jsonl", "boto3"):
        assert wire.send("GET", f"/_emulator/calls/export?form={form}").status == 200


def test_a_list_instead_of_an_object_is_refused_as_a_list(wire: Wire) -> None:
    reply = wire.post("SageMaker.DescribeModel", b"[]")
    assert reply.status == 400
    assert reply.body == b'{"__type":"SerializationException","message":"Start of list found where not expected"}'


def test_half_a_surrogate_pair_comes_back_as_a_question_mark(wire: Wire) -> None:
    body = b'{"ModelName":"m","PrimaryContainer":{"Image":"x","Environment":{"A":"-\\ud800-"}}}'
    assert wire.post("SageMaker.CreateModel", body).status == 200
    described = wire.call("DescribeModel", {"ModelName": "m"}).json
    assert described["PrimaryContainer"]["Environment"] == {"A": "-?-"}


def test_half_a_surrogate_pair_in_an_image_has_a_digest(wire: Wire) -> None:
    wire.done("CreateImage", ImageName="i", RoleArn=ROLE)
    made = wire.post("SageMaker.CreateImageVersion", b'{"ImageName":"i","ClientToken":"t","BaseImage":"x\\udfff"}')
    assert made.status == 200
    assert re.fullmatch(r"x\?@sha256:[0-9a-f]{64}", wire.done("DescribeImageVersion", ImageName="i")["ContainerImage"])


def test_a_body_larger_than_any_call_is_refused_as_json(wire: Wire) -> None:
    reply = wire.post("SageMaker.CreateModel", b" " * (LARGEST + 1))
    assert (reply.status, reply.headers["content-type"]) == (413, JSON)
    assert reply.json == {
        "__type": "RequestEntityTooLargeException",
        "message": "Request size exceeded 6291456 bytes",
    }


def test_a_body_in_chunks_larger_than_any_call_is_refused_as_json(wire: Wire) -> None:
    with wire.socket() as sock:
        sock.sendall(head(headers_of("SageMaker.CreateModel") | {"Transfer-Encoding": "chunked"}))
        sock.sendall(b"%x\r\n%s\r\n0\r\n\r\n" % (LARGEST + 1, b" " * (LARGEST + 1)))
        [reply] = replies(sock, 1)
    assert (reply.status, reply.json["__type"]) == (413, "RequestEntityTooLargeException")


def test_a_body_as_large_as_allowed_is_read(wire: Wire) -> None:
    body = b'{"ModelName":"x"}'.ljust(LARGEST)
    assert wire.post("SageMaker.DescribeModel", body).json["__type"] == "ValidationException"


def test_a_failure_of_the_emulator_is_an_error_in_json_without_a_stack_trace(
    wire: Wire, emulator: Emulator, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: Any) -> None:
        raise RuntimeError("a secret of the emulator")

    monkeypatch.setattr(emulator, "answer", fail)
    reply = wire.call("ListModels")
    assert (reply.status, reply.headers["content-type"]) == (500, JSON)
    request_id = reply.headers["x-amzn-requestid"]
    assert reply.json == {
        "__type": "InternalFailure",
        "message": f"The emulator failed on this call; its log says how. Request {request_id}",
    }
    assert "a secret of the emulator" in caplog.text
    assert request_id in caplog.text


def test_a_failure_of_the_emulators_own_routes_is_an_error_in_json_too(
    wire: Wire, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("a secret of the emulator")

    with monkeypatch.context() as broken:
        broken.setattr(emulator.store, "reset", fail)
        reply = wire.send("POST", "/_emulator/reset")
    assert (reply.status, reply.headers["content-type"]) == (500, "application/json")
    assert reply.json.keys() == {"message"}
    assert b"secret" not in reply.body


# --- Paths and methods ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("PUT", "/", 404),
        ("DELETE", "/", 404),
        ("OPTIONS", "/", 404),
        ("POST", "/nothing", 404),
        ("GET", "/nothing", 404),
        ("GET", "/_emulator", 404),
        ("GET", "/_emulator/nothing", 404),
        ("GET", "/_emulator/health/", 404),
        ("GET", "/%00", 404),
        ("GET", "/../etc/passwd", 404),
        ("POST", "/_emulator/health", 405),
        ("GET", "/_emulator/reset", 405),
        ("DELETE", "/_emulator/pace", 405),
    ],
)
def test_what_is_not_there_is_refused_in_json(wire: Wire, method: str, path: str, status: int) -> None:
    reply = wire.send(method, path)
    assert (reply.status, reply.headers["content-type"]) == (status, "application/json")
    assert reply.json.keys() == {"message"}
    assert b"<" not in reply.body


@pytest.mark.parametrize("path", ["/?Action=ListModels", "http://api.sagemaker.us-east-1.amazonaws.com/"])
def test_a_call_may_carry_a_query_or_a_whole_address(wire: Wire, path: str) -> None:
    assert wire.send("POST", path, b"{}", headers_of("SageMaker.ListModels")).body == b'{"Models":[]}'


# --- Whose call it is -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "account", "region"),
    [
        pytest.param(authorization(OTHER, "eu-west-1"), OTHER, "eu-west-1", id="twelve digits"),
        pytest.param(authorization("AKIDEXAMPLE", "eu-west-1"), ACCOUNT, "eu-west-1", id="a key"),
        pytest.param(authorization("12345678901", "eu-west-1"), ACCOUNT, "eu-west-1", id="eleven digits"),
        pytest.param(authorization("1234567890123", "eu-west-1"), ACCOUNT, "eu-west-1", id="thirteen digits"),
        pytest.param(authorization(OTHER, "us-gov-west-1"), OTHER, "us-gov-west-1", id="another partition"),
        pytest.param(authorization(OTHER, "ap-south-1", "execute-api"), OTHER, "ap-south-1", id="another service"),
        pytest.param("AWS4-HMAC-SHA256 Credential=broken", ACCOUNT, REGION, id="a broken scope"),
        pytest.param("Bearer token", ACCOUNT, REGION, id="a bearer"),
        pytest.param(None, ACCOUNT, REGION, id="unsigned"),
    ],
)
def test_account_and_region_come_from_the_signature(wire: Wire, header: str | None, account: str, region: str) -> None:
    headers = headers_of("SageMaker.CreateModelPackageGroup") | ({"Authorization": header} if header else {})
    reply = wire.send("POST", "/", b'{"ModelPackageGroupName":"g"}', headers)
    partition = "aws-us-gov" if "gov" in region else "aws"
    arn = f"arn:{partition}:sagemaker:{region}:{account}:model-package-group/g"
    assert reply.json == {"ModelPackageGroupArn": arn}


def test_accounts_and_regions_do_not_see_each_other(wire: Wire) -> None:
    places = [(ACCOUNT, REGION), (ACCOUNT, "eu-west-1"), (OTHER, REGION)]
    for number, place in enumerate(places):
        make_model(wire, "same", signed=place)
        make_model(wire, f"own-{number}", signed=place)
    assert [sorted(names(wire, signed=place)) for place in places] == [
        ["own-0", "same"],
        ["own-1", "same"],
        ["own-2", "same"],
    ]
    wire.call("DeleteModel", {"ModelName": "same"}, signed=places[1])
    assert ["same" in names(wire, signed=place) for place in places] == [True, False, True]


def test_unsigned_calls_share_the_default_place(wire: Wire) -> None:
    make_model(wire, "unsigned")
    assert names(wire, signed=(ACCOUNT, REGION)) == ["unsigned"]


# --- STS --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("account", "region", "arn"),
    [
        (ACCOUNT, REGION, f"arn:aws:iam::{ACCOUNT}:root"),
        (OTHER, "cn-north-1", f"arn:aws-cn:iam::{OTHER}:root"),
    ],
)
def test_sts_tells_boto3_who_it_is(connect: Callable[..., Any], account: str, region: str, arn: str) -> None:
    said = connect("sts", account=account, region=region).get_caller_identity()
    assert {name: said[name] for name in ("Account", "UserId", "Arn")} == {
        "Account": account,
        "UserId": account,
        "Arn": arn,
    }


@pytest.mark.parametrize(
    ("key", "account", "user"),
    [("AKIDEXAMPLE", ACCOUNT, "AKIDEXAMPLE"), (OTHER, OTHER, OTHER), (None, ACCOUNT, ACCOUNT)],
)
def test_sts_answers_in_xml(wire: Wire, key: str | None, account: str, user: str) -> None:
    headers = headers_of(content_type=f"{FORM}; charset=utf-8")
    if key:
        headers["Authorization"] = authorization(key, REGION, "sts")
    reply = wire.send("POST", "/", b"Action=GetCallerIdentity&Version=2011-06-15", headers)
    assert (reply.status, reply.headers["content-type"]) == (200, "text/xml")
    assert reply.text == (
        '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">\n'
        "  <GetCallerIdentityResult>\n"
        f"    <Arn>arn:aws:iam::{account}:root</Arn>\n"
        f"    <UserId>{user}</UserId>\n"
        f"    <Account>{account}</Account>\n"
        "  </GetCallerIdentityResult>\n"
        "  <ResponseMetadata>\n"
        f"    <RequestId>{reply.headers['x-amzn-requestid']}</RequestId>\n"
        "  </ResponseMetadata>\n"
        "</GetCallerIdentityResponse>\n"
    )


@pytest.mark.parametrize("body", [b"", b"Version=2011-06-15", b"\xff\xfe", b"{}"])
def test_what_asks_sts_for_no_action_is_not_found(wire: Wire, body: bytes) -> None:
    reply = wire.post(None, body, content_type=FORM)
    assert (reply.status, reply.body) == (404, b"<UnknownOperationException/>\n")


# --- The emulator's own routes ----------------------------------------------------------------------------------------


def test_health_tells_the_version_and_how_much_is_answered(wire: Wire, emulator: Emulator) -> None:
    reply = wire.send("GET", "/_emulator/health")
    answered = sum(1 for how in emulator.catalogue.coverage().values() if how)
    assert (reply.status, reply.headers["content-type"]) == (200, "application/json")
    assert reply.json == {
        "status": "ok",
        "version": __version__,
        "operations": {"answered": answered, "of": len(emulator.model.operations)},
    }


def test_coverage_lists_every_operation_of_the_model(wire: Wire, emulator: Emulator) -> None:
    listed = wire.send("GET", "/_emulator/coverage").json
    assert listed.keys() == emulator.model.operations.keys()
    assert (listed["CreateModel"], listed["AddTags"]) == ("declared", "coded")
    assert {name for name, how in listed.items() if how == "not yet"} == {
        name for name, how in emulator.catalogue.coverage().items() if not how
    }


def test_what_waits_for_a_localstack_finds_one(wire: Wire) -> None:
    said = wire.send("GET", "/_localstack/health").json
    assert said["version"] == __version__
    assert {"sagemaker", "cloudformation", "iam", "s3", "sts"} < said["services"].keys()
    assert set(said["services"].values()) == {"available"}


@pytest.mark.usefixtures("without_companions")
def test_without_companions_it_finds_what_is_our_own(wire: Wire) -> None:
    said = wire.send("GET", "/_localstack/health").json
    assert said["services"].keys() == {"cloudcontrol", "cloudformation", "sagemaker", "sts"}


PLACES = [(ACCOUNT, REGION), (ACCOUNT, "eu-west-1"), (OTHER, REGION), (OTHER, "eu-west-1")]


@pytest.mark.parametrize("path", ["/_emulator/reset", "/moto-api/reset"])
@pytest.mark.parametrize(
    ("said", "left"),
    [
        ({}, []),
        ({"account": ACCOUNT}, PLACES[2:]),
        ({"region": REGION}, [PLACES[1], PLACES[3]]),
        ({"account": OTHER, "region": REGION}, [PLACES[0], PLACES[1], PLACES[3]]),
        ({"account": "000000000000"}, PLACES),
    ],
)
@pytest.mark.parametrize("as_query", [True, False], ids=["query", "body"])
def test_a_reset_forgets_what_it_is_told_to(
    wire: Wire, path: str, said: dict[str, str], left: list[tuple[str, str]], as_query: bool
) -> None:
    for place in PLACES:
        make_model(wire, signed=place)
    query = "?" + "&".join(f"{name}={value}" for name, value in said.items())
    reply = wire.send("POST", path + query) if as_query else wire.send("POST", path, json.dumps(said).encode())
    assert (reply.status, reply.json) == (200, {"status": "reset"})
    assert [place for place in PLACES if names(wire, signed=place)] == left


@pytest.mark.parametrize("body", [b"[]", b"{,}", b'{"account":1}', b'{"region":["x"]}', b"null", b"\xff"])
def test_a_reset_that_makes_no_sense_is_refused_and_forgets_nothing(wire: Wire, body: bytes) -> None:
    make_model(wire)
    reply = wire.send("POST", "/_emulator/reset", body)
    assert (reply.status, reply.headers["content-type"]) == (400, "application/json")
    assert reply.json["message"]
    assert names(wire) == ["m"]


def test_a_pace_is_told_and_changed(wire: Wire) -> None:
    assert wire.send("GET", "/_emulator/pace").json == {"pace": "instant", "speed": 1.0}
    assert wire.send("PUT", "/_emulator/pace", b'{"pace":"real","speed":60}').json == {"pace": "real", "speed": 60}
    assert wire.send("GET", "/_emulator/pace").json == {"pace": "real", "speed": 60}
    assert wire.send("PUT", "/_emulator/pace", b'{"pace":"step"}').json == {"pace": "step", "speed": 1.0}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b'{"pace":"fast"}',
        b'{"pace":["real"]}',
        b'{"pace":"real","speed":0}',
        b'{"pace":"real","speed":-1}',
        b'{"pace":"real","speed":"2"}',
        b'{"pace":"real","speed":true}',
        b'{"speed":2}',
    ],
)
def test_a_pace_that_makes_no_sense_is_refused_and_changes_nothing(wire: Wire, body: bytes) -> None:
    reply = wire.send("PUT", "/_emulator/pace", body)
    assert reply.status == 400
    assert reply.json.keys() == {"message"}
    assert reply.json["message"].startswith("Expected ")
    assert wire.send("GET", "/_emulator/pace").json == {"pace": "instant", "speed": 1.0}


def test_a_step_moves_what_the_manual_pace_holds(wire: Wire) -> None:
    wire.send("PUT", "/_emulator/pace", b'{"pace":"manual"}')

    def status(place: tuple[str, str]) -> str:
        described = wire.call("DescribeImage", {"ImageName": "i"}, signed=place).json
        return str(described["ImageStatus"])

    for place in PLACES[:2]:
        wire.call("CreateImage", {"ImageName": "i", "RoleArn": ROLE}, signed=place)
    assert [status(place) for place in PLACES[:2]] == ["CREATING", "CREATING"]
    assert wire.send("POST", "/_emulator/step", b'{"region":"eu-west-1"}').json == {"moved": 1}
    assert [status(place) for place in PLACES[:2]] == ["CREATING", "CREATED"]
    assert wire.send("POST", "/_emulator/step").json == {"moved": 1}
    assert [status(place) for place in PLACES[:2]] == ["CREATED", "CREATED"]
    assert wire.send("POST", "/_emulator/step").json == {"moved": 0}


def test_no_answer_keeps_a_client_waiting(wire: Wire) -> None:
    began = time.monotonic()
    answers: list[Reply] = [wire.call(operation) for operation in ("ListModels", "DescribeModel", "Nothing") * 20]
    assert {reply.status for reply in answers} == {200, 400}
    assert time.monotonic() - began < 5


def test_an_unsigned_form_reaches_the_service_whose_version_it_names(wire: Wire) -> None:
    connection = wire.connection()
    try:
        headers = {"Content-Type": FORM}
        stacks = ask(connection, "POST", "/", b"Action=ListStacks&Version=2010-05-15", headers)
        caller = ask(connection, "POST", "/", b"Action=GetCallerIdentity&Version=2011-06-15", headers)
        large = ask(connection, "POST", "/", b"Action=ListStacks&Note=" + b"x" * LARGEST, headers)
    finally:
        connection.close()
    assert b"<ListStacksResult>" in stacks.body
    assert b"<GetCallerIdentityResult>" in caller.body
    assert large.status == 413
