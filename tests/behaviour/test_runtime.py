"""The runtime on the same port: endpoints answer what their user said, at once, in a stream, or as an error."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.request import Request, urlopen

import pytest
from botocore.exceptions import ClientError, EventStreamError

from emulator.engine.emulator import Emulator
from emulator.engine.lifecycle import Pace
from tests.behaviour.examples import arn, make_model, plain
from tests.behaviour.test_endpoints import make_config, make_endpoint, variant
from tests.conftest import ACCOUNT, ROLE

ASYNC = {"OutputConfig": {"S3OutputPath": "s3://bucket/out/", "S3FailurePath": "s3://bucket/failed"}}


@pytest.fixture
def control(client: Any) -> Any:
    """A SageMaker client in whose account an endpoint e is in service."""
    make_model(client, "m")
    make_config(client, "c")
    make_endpoint(client)
    return client


@pytest.fixture
def runtime(connect: Any, control: Any) -> Iterator[Any]:
    """A client of the runtime; what a test leaves unread of an answer is closed behind it."""
    bodies: list[Any] = []
    client = connect("sagemaker-runtime")
    client.meta.events.register("after-call", lambda parsed, **_: bodies.append(parsed.get("Body")))
    yield client
    for body in bodies:
        if body is not None:
            body.close()


def own(url: str, path: str, method: str = "GET", said: Any = None) -> Any:
    """Call one of the emulator's own routes."""
    body = None if said is None else said if isinstance(said, bytes) else json.dumps(said).encode()
    with urlopen(Request(f"{url}/_emulator/endpoints/{path}", body, method=method)) as response:
        return json.load(response)


def program(url: str, said: Any, name: str = "e", query: str = "") -> None:
    own(url, f"{name}/answers{query}", "PUT", said)


def failure(call: Any, **params: Any) -> dict[str, Any]:
    with pytest.raises(ClientError) as refused:
        call(**params)
    return refused.value.response


@pytest.fixture
def container() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A model's container: where it answers, and what it was sent."""
    seen: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            seen.append({"body": body, **{name.lower(): value for name, value in self.headers.items()}})
            refused = body == b"bad"
            self.send_response(400 if refused else 200)
            self.send_header("Content-Type", "text/csv")
            self.send_header("X-Amzn-SageMaker-Custom-Attributes", "from the model")
            self.end_headers()
            self.wfile.write(b"cannot read it" if refused else body[::-1])

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/invocations", seen
    server.shutdown()
    server.server_close()


@pytest.fixture
def broken() -> Iterator[Callable[[int], str]]:
    """A container that answers with a status, a folded header, two bytes, and what is no chunk."""
    status: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.close_connection = True
            self.send_response(status[-1])
            self.send_header("Content-Type", "text/csv;\r\n header=absent")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"2\r\nto\r\nzz\r\n")

        def log_message(self, *_: Any) -> None:
            pass

    def address(said: int) -> str:
        status.append(said)
        return f"http://127.0.0.1:{server.server_port}/invocations"

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield address
    server.shutdown()
    server.server_close()


# --- What is answered -------------------------------------------------------------------------------------------------


def test_a_fixed_body_is_answered_every_time(runtime: Any, url: str) -> None:
    program(url, {"body": "0.9", "content_type": "text/csv", "headers": {"X-Amzn-SageMaker-Custom-Attributes": "id=1"}})

    for _ in range(2):
        answer = runtime.invoke_endpoint(EndpointName="e", Body=b"1,2", ContentType="text/csv")
        assert answer["Body"].read() == b"0.9"
        assert (answer["ContentType"], answer["CustomAttributes"]) == ("text/csv", "id=1")
        assert answer["InvokedProductionVariant"] == "main"
        assert answer["ResponseMetadata"]["RequestId"]


def test_json_is_answered_as_json_and_base64_as_bytes(runtime: Any, url: str) -> None:
    program(url, {"json": {"predictions": [1, 2]}})
    answer = runtime.invoke_endpoint(EndpointName="e", Body=b"{}")
    assert (json.load(answer["Body"]), answer["ContentType"]) == ({"predictions": [1, 2]}, "application/json")

    program(url, {"base64": "AP8=", "content_type": "application/x-npy"})
    answer = runtime.invoke_endpoint(EndpointName="e", Body=b"{}")
    assert (answer["Body"].read(), answer["ContentType"]) == (b"\x00\xff", "application/x-npy")


def test_the_type_that_is_wanted_is_given_where_none_is_said(runtime: Any, url: str) -> None:
    program(url, {"body": "1"})

    answer = runtime.invoke_endpoint(EndpointName="e", Body=b"", Accept="application/jsonlines")

    assert answer["ContentType"] == "application/jsonlines"


def test_a_sequence_ends_with_its_last_answer_or_begins_again(runtime: Any, url: str) -> None:
    def bodies(count: int) -> list[bytes]:
        return [runtime.invoke_endpoint(EndpointName="e", Body=b"")["Body"].read() for _ in range(count)]

    program(url, {"sequence": [{"body": "a"}, {"body": "b"}]})
    assert bodies(4) == [b"a", b"b", b"b", b"b"]
    program(url, {"sequence": [{"body": "a"}, {"body": "b"}], "cycle": True})
    assert bodies(4) == [b"a", b"b", b"a", b"b"]
    assert own(url, "e/answers")["invoked"] == 4


def test_an_echo_gives_back_any_bytes_with_their_type(runtime: Any, url: str) -> None:
    program(url, {"echo": True})
    body = bytes(range(256)) * 1000

    answer = runtime.invoke_endpoint(
        EndpointName="e", Body=body, ContentType="application/octet-stream", CustomAttributes="trace"
    )

    assert answer["Body"].read() == body
    assert (answer["ContentType"], answer["CustomAttributes"]) == ("application/octet-stream", "trace")


def test_a_container_gets_what_is_sent_and_answers(
    runtime: Any, url: str, container: tuple[str, list[dict[str, Any]]]
) -> None:
    address, seen = container
    program(url, {"forward": address})

    answer = runtime.invoke_endpoint(
        EndpointName="e", Body=b"abc", ContentType="text/plain", Accept="text/csv", TargetModel="one.tar.gz"
    )

    assert answer["Body"].read() == b"cba"
    assert (answer["ContentType"], answer["CustomAttributes"]) == ("text/csv", "from the model")
    [sent] = seen
    assert (sent["body"], sent["content-type"], sent["accept"]) == (b"abc", "text/plain", "text/csv")
    assert sent["x-amzn-sagemaker-target-model"] == "one.tar.gz"
    assert "authorization" not in sent


def test_answers_belong_to_one_endpoint_of_one_account_and_region_and_vanish_with_reset(
    runtime: Any, url: str, connect: Any, control: Any, emulator: Emulator
) -> None:
    there = connect(region="eu-west-1")
    make_model(there, "m")
    make_config(there, "c")
    make_endpoint(there)
    make_endpoint(control, "other")
    program(url, {"body": "here"})
    program(url, {"body": "there"}, query="?region=eu-west-1")

    assert runtime.invoke_endpoint(EndpointName="e", Body=b"")["Body"].read() == b"here"
    far = connect("sagemaker-runtime", region="eu-west-1")
    assert far.invoke_endpoint(EndpointName="e", Body=b"")["Body"].read() == b"there"
    assert failure(runtime.invoke_endpoint, EndpointName="other", Body=b"")["Error"]["Code"] == "ModelError"

    emulator.store.reset()
    make_model(control, "m")
    make_config(control, "c")
    make_endpoint(control)
    assert "PUT /_emulator" in failure(runtime.invoke_endpoint, EndpointName="e", Body=b"")["Error"]["Message"]


@pytest.mark.parametrize("query", ["?account=foo", "?account=", "?region=", "?region=%C3%A4", "?region=US"])
def test_a_place_that_is_none_is_refused_and_not_made(url: str, emulator: Emulator, query: str) -> None:
    for method, said in (("PUT", {"body": "a"}), ("GET", None), ("DELETE", None)):
        with pytest.raises(OSError, match="400"):
            own(url, f"e/answers{query}", method, said)
    with pytest.raises(OSError, match="400"):
        own(url, f"e/invocations{query}")

    assert emulator.control.state()["places"] == []


def test_what_was_sent_can_be_looked_at(runtime: Any, url: str) -> None:
    program(url, {"body": "1"})
    runtime.invoke_endpoint(EndpointName="e", Body=b"1,2", ContentType="text/csv", InferenceId="i-1")

    [seen] = own(url, "e/invocations")["invocations"]

    assert (seen["operation"], seen["body"], seen["content_type"]) == ("InvokeEndpoint", "1,2", "text/csv")
    assert seen["headers"]["X-Amzn-Sagemaker-Inference-Id"] == "i-1"


def test_what_is_no_answer_is_refused_and_what_was_said_can_be_taken_back(runtime: Any, url: str) -> None:
    for said in (
        [],
        {},
        {"body": 1},
        {"body": "a", "echo": True},
        {"sequence": []},
        {"forward": "file:///etc/passwd"},
        {"base64": "ü"},
        {"body": "a", "status": "200"},
        {"body": "a", "status": 99},
        {"parts": "a"},
        {"body": "a", "headers": {"X": 1}},
        {"body": "a", "headers": {"X": "a\nb"}},
        {"body": "a", "headers": {"X": "\u65e5"}},
        {"body": "a", "headers": {"X Y": "a"}},
        {"body": "a", "content_type": "a\nb"},
        {"body": "a", "content_type": "\u65e5"},
        {"body": "a", "content_type": 0},
        {"body": "a", "breaks": []},
        {"body": "a", "component": 5},
        {"body": "a", "component": ["a"]},
        {"body": "a", "component": ""},
        {"body": "a", "cycle": True},
        {"body": "a", "bodi": "b"},
        {"sequence": [{"body": "a"}], "cycle": "yes"},
        {"sequence": [{"body": "a"}], "status": 400},
        {"sequence": [{"body": "a", "component": "b"}]},
        {"echo": False},
        {"echo": True, "status": 400},
        {"forward": "http://"},
        {"forward": "http://[::1"},
        {"forward": "http://127.0.0.1:99999/"},
        {"forward": "http://127.0.0.1/a b"},
        {"forward": "http://127.0.0.1/\u00e4"},
        {"json": float("nan")},
        {"json": json.loads("[" * 300 + "]" * 300)},
        b'{"json": 1e999}',
        b"[" * 100_000,
        b"",
    ):
        with pytest.raises(OSError, match="400"):
            program(url, said)
    with pytest.raises(OSError, match="404"):
        own(url, "e/answers")
    program(url, {"body": "a"})
    own(url, "e/answers", "DELETE")
    with pytest.raises(OSError, match="404"):
        own(url, "e/answers")


# --- Who answers ------------------------------------------------------------------------------------------------------


def test_a_variant_can_be_wanted_and_traffic_follows_the_weights(
    control: Any, runtime: Any, url: str, emulator: Emulator
) -> None:
    make_config(
        control, "ab", variant("a"), variant("b", InitialVariantWeight=3), variant("never", InitialVariantWeight=0)
    )
    control.update_endpoint(EndpointName="e", EndpointConfigName="ab")
    program(url, {"body": "1"})

    wanted = runtime.invoke_endpoint(EndpointName="e", Body=b"", TargetVariant="a")
    chosen = [runtime.invoke_endpoint(EndpointName="e", Body=b"")["InvokedProductionVariant"] for _ in range(80)]

    assert wanted["InvokedProductionVariant"] == "a"
    assert set(chosen) == {"a", "b"}
    assert chosen.count("b") > chosen.count("a")
    error = failure(runtime.invoke_endpoint, EndpointName="e", Body=b"", TargetVariant="nobody")["Error"]
    assert error["Code"] == "ValidationError"


def test_an_endpoint_that_is_not_there_or_does_not_serve_is_not_found(
    control: Any, runtime: Any, url: str, emulator: Emulator
) -> None:
    program(url, {"body": "1"})
    message = f"Endpoint nobody of account {ACCOUNT} not found."
    for call in (runtime.invoke_endpoint, runtime.invoke_endpoint_with_response_stream):
        response = failure(call, EndpointName="nobody", Body=b"")
        assert response["Error"] == {"Code": "ValidationError", "Message": message}
        assert response["ResponseMetadata"]["HTTPStatusCode"] == 400

    emulator.settings.pace = Pace("manual")
    make_endpoint(control, "new")
    assert failure(runtime.invoke_endpoint, EndpointName="new", Body=b"")["Error"]["Code"] == "ValidationError"
    assert failure(runtime.invoke_endpoint, EndpointName="e", Body=b"")["Error"]["Code"] == "ValidationError"
    emulator.push()
    control.update_endpoint(EndpointName="e", EndpointConfigName="c")
    assert runtime.invoke_endpoint(EndpointName="e", Body=b"")["Body"].read() == b"1"
    emulator.push()
    emulator.push()
    emulator.push()
    control.delete_endpoint(EndpointName="e")
    assert failure(runtime.invoke_endpoint, EndpointName="e", Body=b"")["Error"]["Code"] == "ValidationError"


def test_an_endpoint_of_components_wants_to_know_which(control: Any, runtime: Any, url: str) -> None:
    one = {"VariantName": "main", "InstanceType": "ml.g5.xlarge", "InitialInstanceCount": 1}
    make_config(control, "shared", one, ExecutionRoleArn=ROLE)
    make_endpoint(control, "shared", "shared")
    for name in ("first", "second"):
        control.create_inference_component(
            InferenceComponentName=name, EndpointName="shared", VariantName="main", Specification={"ModelName": "m"}
        )
    program(url, {"body": "any"}, "shared")
    program(url, {"body": "of the second", "component": "second"}, "shared")

    def invoked(name: str) -> bytes:
        answer = runtime.invoke_endpoint(EndpointName="shared", Body=b"", InferenceComponentName=name)
        return bytes(answer["Body"].read())

    assert (invoked("first"), invoked("second")) == (b"any", b"of the second")
    error = failure(runtime.invoke_endpoint, EndpointName="shared", Body=b"")["Error"]
    assert error["Code"] == "ValidationError"
    assert error["Message"].startswith("Inference Component Name header is required")
    error = failure(runtime.invoke_endpoint, EndpointName="shared", Body=b"", InferenceComponentName="third")["Error"]
    assert error["Code"] == "ValidationError"


# --- Errors of the model ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("status", "side"), [(400, "client"), (500, "server")])
def test_an_error_of_the_model_is_told_as_the_service_tells_it(runtime: Any, url: str, status: int, side: str) -> None:
    program(url, {"body": "no such column", "status": status})

    for call in (runtime.invoke_endpoint, runtime.invoke_endpoint_with_response_stream):
        response = failure(call, EndpointName="e", Body=b"")
        assert response["ResponseMetadata"]["HTTPStatusCode"] == 424
        assert response["Error"]["Code"] == "ModelError"
        assert response["Error"]["Message"] == (
            f'Received {side} error ({status}) from primary with message "no such column". See '
            "https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1"
            f"#logEventViewer:group=/aws/sagemaker/Endpoints/e in account {ACCOUNT} for more information."
        )
        assert (response["OriginalStatusCode"], response["OriginalMessage"]) == (status, "no such column")
        assert response["LogStreamArn"] == f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/aws/sagemaker/Endpoints/e"


def test_a_container_that_refuses_or_is_not_there_is_an_error_of_the_model(
    runtime: Any, url: str, container: tuple[str, list[dict[str, Any]]]
) -> None:
    program(url, {"forward": container[0]})
    response = failure(runtime.invoke_endpoint, EndpointName="e", Body=b"bad")
    assert (response["OriginalStatusCode"], response["OriginalMessage"]) == (400, "cannot read it")

    program(url, {"forward": "http://127.0.0.1:1/invocations"})
    error = failure(runtime.invoke_endpoint, EndpointName="e", Body=b"")["Error"]
    assert error["Code"] == "ModelError"
    assert "cannot reach http://127.0.0.1:1/invocations" in error["Message"]


@pytest.mark.parametrize("status", [200, 404])
def test_a_container_that_breaks_off_is_an_error_of_the_model(runtime: Any, url: str, broken: Any, status: int) -> None:
    program(url, {"forward": broken(status)})

    error = failure(runtime.invoke_endpoint, EndpointName="e", Body=b"")["Error"]
    assert error["Code"] == "ModelError"
    assert "cannot reach http://127.0.0.1:" in error["Message"]


def test_a_stream_of_a_container_that_breaks_off_breaks_off_too(runtime: Any, url: str, broken: Any) -> None:
    program(url, {"forward": broken(200)})
    answer = runtime.invoke_endpoint_with_response_stream(EndpointName="e", Body=b"{}")
    events = iter(answer["Body"])

    assert answer["ContentType"] == "text/csv;  header=absent"  # in one line
    assert next(events)["PayloadPart"]["Bytes"] == b"to"
    with pytest.raises(EventStreamError, match="cannot reach"):
        next(events)


def test_an_endpoint_of_which_nothing_was_said_tells_how_to_say_it(runtime: Any) -> None:
    response = failure(runtime.invoke_endpoint, EndpointName="e", Body=b"")

    assert response["Error"]["Code"] == "ModelError"
    assert "PUT /_emulator/endpoints/e/answers" in response["Error"]["Message"]


# --- Streams ----------------------------------------------------------------------------------------------------------


def test_a_stream_gives_each_part_in_an_event_of_its_own(runtime: Any, url: str) -> None:
    program(url, {"parts": ["to", "ken", "s ☃"], "content_type": "application/jsonlines"})

    answer = runtime.invoke_endpoint_with_response_stream(EndpointName="e", Body=b"{}")

    assert (answer["ContentType"], answer["InvokedProductionVariant"]) == ("application/jsonlines", "main")
    assert [event["PayloadPart"]["Bytes"].decode() for event in answer["Body"]] == ["to", "ken", "s ☃"]
    assert runtime.invoke_endpoint(EndpointName="e", Body=b"")["Body"].read().decode() == "tokens ☃"


def test_a_stream_can_break_off(runtime: Any, url: str) -> None:
    program(url, {"parts": ["to"], "breaks": {"code": "ModelInvocationTimeExceeded", "message": "too slow"}})
    events = iter(runtime.invoke_endpoint_with_response_stream(EndpointName="e", Body=b"{}")["Body"])

    assert next(events)["PayloadPart"]["Bytes"] == b"to"
    with pytest.raises(EventStreamError) as broken:
        next(events)
    assert broken.value.response["Error"]["Code"] == "ModelStreamError"
    assert "too slow" in str(broken.value)


def test_a_stream_from_a_container_comes_through_whole(
    runtime: Any, url: str, container: tuple[str, list[dict[str, Any]]]
) -> None:
    program(url, {"forward": container[0]})
    body = b"0123456789" * 5000

    answer = runtime.invoke_endpoint_with_response_stream(EndpointName="e", Body=body)

    assert b"".join(event["PayloadPart"]["Bytes"] for event in answer["Body"]) == body[::-1]


# --- Asynchronous -----------------------------------------------------------------------------------------------------


@pytest.fixture
def later(control: Any) -> Any:
    make_config(control, "async", AsyncInferenceConfig=ASYNC)
    make_endpoint(control, "later", "async")
    return control


def test_an_asynchronous_invocation_says_where_its_result_would_be(later: Any, runtime: Any, url: str) -> None:
    answer = runtime.invoke_endpoint_async(EndpointName="later", InputLocation="s3://bucket/in.json", InferenceId="i-1")

    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 202
    assert answer["InferenceId"] == "i-1"
    assert answer["OutputLocation"].startswith("s3://bucket/out/")
    assert answer["OutputLocation"].endswith(".out")
    assert answer["FailureLocation"].startswith("s3://bucket/failed/")
    [seen] = own(url, "later/invocations")["invocations"]
    assert (seen["operation"], seen["OutputLocation"]) == ("InvokeEndpointAsync", answer["OutputLocation"])


def test_an_asynchronous_result_has_the_name_that_is_wanted(later: Any, runtime: Any) -> None:
    answer = runtime.invoke_endpoint_async(
        EndpointName="later", Body=b"{}", S3OutputPathExtension="today", Filename="result.json"
    )

    assert answer["OutputLocation"] == "s3://bucket/out/today/result.json"
    assert answer["InferenceId"]


def test_only_asynchronous_endpoints_are_invoked_asynchronously_and_in_no_other_way(later: Any, runtime: Any) -> None:
    for call, params in (
        (runtime.invoke_endpoint_async, {"EndpointName": "e", "InputLocation": "s3://b/in"}),
        (runtime.invoke_endpoint_async, {"EndpointName": "later"}),
        (runtime.invoke_endpoint_async, {"EndpointName": "later", "InputLocation": "s3://b/in", "Body": b"x"}),
        (runtime.invoke_endpoint, {"EndpointName": "later", "Body": b"x"}),
    ):
        assert failure(call, **params)["Error"]["Code"] == "ValidationError"


# --- Routers ----------------------------------------------------------------------------------------------------------


def test_a_router_sends_a_request_to_the_first_destination_that_serves(control: Any, connect: Any, url: str) -> None:
    destinations = [{"ResourceArn": arn("endpoint/nobody")}, {"ResourceArn": arn("endpoint/e")}]
    control.create_inference_router(
        InferenceRouterName="r",
        RoutingTargets=[
            {"Name": "chat", "Destinations": destinations},
            {"Name": "lost", "Destinations": destinations[:1]},
        ],
    )
    program(url, {"body": "routed"})
    client = connect("sagemaker-inference-router-runtime")

    answer = client.invoke_inference_router(InferenceRouterName="r", RoutingTargetName="chat", Body=b"hello")

    assert answer["Body"].read() == b"routed"
    assert answer["InvokedRoutedResourceArn"] == arn("endpoint/e")
    assert answer["RoutingReason"] == "local-preferred"
    assert plain(answer).keys() >= {"InvokedProductionVariant", "ContentType"}
    for name, target, code in (
        ("r", "nobody", "ValidationException"),
        ("nobody", "chat", "ValidationException"),
        ("r", "lost", "ServiceUnavailableException"),
    ):
        call = client.invoke_inference_router
        error = failure(call, InferenceRouterName=name, RoutingTargetName=target, Body=b"x")["Error"]
        assert error["Code"] == code


def test_a_router_takes_asynchronous_requests_for_asynchronous_targets(later: Any, connect: Any) -> None:
    later.create_inference_router(
        InferenceRouterName="r",
        RoutingTargets=[
            {
                "Name": "batch",
                "Destinations": [{"ResourceArn": arn("endpoint/later")}],
                "AsyncInferenceConfig": {
                    "OutputConfig": {"S3OutputPath": "s3://bucket/routed", "S3FailurePath": "s3://bucket/lost"}
                },
            }
        ],
    )

    answer = connect("sagemaker-inference-router-runtime").invoke_inference_router_async(
        InferenceRouterName="r", RoutingTargetName="batch", InputLocation="s3://bucket/in.json", Filename="a.json"
    )

    assert answer["OutputLocation"] == "s3://bucket/routed/a.json"


def test_what_was_programmed_is_part_of_the_state_and_goes_on_where_it_was(
    runtime: Any, url: str, emulator: Emulator
) -> None:
    def body() -> bytes:
        answer: bytes = runtime.invoke_endpoint(EndpointName="e", Body=b"")["Body"].read()
        return answer

    program(url, {"sequence": [{"body": "a"}, {"body": "b"}, {"body": "c"}]})
    assert body() == b"a"
    kept = json.dumps(emulator.control.state())
    emulator.control.reset()
    emulator.control.load(kept)

    assert own(url, "e/answers")["invoked"] == 1
    assert [body(), body()] == [b"b", b"c"]


def test_what_is_no_program_in_a_state_that_was_loaded_is_an_error_of_the_model(
    runtime: Any, url: str, emulator: Emulator
) -> None:
    program(url, {"echo": True})
    emulator.control.load(json.dumps(emulator.control.state()).replace('"echo": true', '"echo": "yes"'))

    error = failure(runtime.invoke_endpoint, EndpointName="e", Body=b"")["Error"]
    assert (error["Code"], error["Message"]) == ("ModelError", "echo is true, or is not said.")


def test_a_reset_forgets_invocations_where_it_is_made(runtime: Any, url: str, emulator: Emulator) -> None:
    program(url, {"body": "1"})
    runtime.invoke_endpoint(EndpointName="e", Body=b"")

    emulator.control.reset(region="eu-west-1")
    assert len(own(url, "e/invocations")["invocations"]) == 1
    emulator.control.reset(account=ACCOUNT)
    assert own(url, "e/invocations")["invocations"] == []
