"""The runtime on the same port: InvokeEndpoint, its asynchronous and its streaming sister, and inference routers.

Another protocol than the control plane's (paths, headers, bodies as they are) and other errors. The emulator runs no
model: what an endpoint answers is said with PUT ``/_emulator/endpoints/<name>/answers``.
"""

from __future__ import annotations

import base64
import json
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.exceptions import BadRequest, NotFound

from emulator.aws import arn, errors, eventstream
from emulator.aws.call import Call
from emulator.aws.errors import MODEL_ERROR, RUNTIME_VALIDATION, Refusal, ServiceError
from emulator.aws.wire import Credential
from emulator.engine.emulator import Emulator
from emulator.engine.scope import Scope, check_place
from emulator.engine.shelf import Shelf
from emulator.interfaces import bodies, way
from emulator.sagemaker.dataplane import answers
from emulator.sagemaker.dataplane.answers import OWN, Answer, ProgramError, Reply, Sent, UnreachableError
from emulator.sagemaker.dataplane.routing import routing_status
from emulator.sagemaker.rules import deployments

LARGEST = 6_291_456  # bytes of a body: botocore's BodyBlob
REMEMBERED = 100  # invocations of an endpoint that can be looked at
SERVING = ("InService", "Updating", "SystemUpdating", "RollingBack", "UpdateRollbackFailed")
PROGRAMS = "programmed answers"  # the shelf

_OPERATIONS = {
    "invoke": ("EndpointName", "InvokeEndpoint"),
    "invoke_async": ("EndpointName", "InvokeEndpointAsync"),
    "invoke_stream": ("EndpointName", "InvokeEndpointWithResponseStream"),
    "invoke_router": ("InferenceRouterName", "InvokeInferenceRouter"),
    "invoke_router_async": ("InferenceRouterName", "InvokeInferenceRouterAsync"),
}
_VARIANT = "x-Amzn-Invoked-Production-Variant"
_HEADER = "X-Amzn-SageMaker-"

Fields = Mapping[str, Any]


class ModelError(ServiceError):
    """What a model refuses: an error with more to say than a message."""

    def __init__(self, message: str, said: Mapping[str, Any]) -> None:
        super().__init__(MODEL_ERROR, message, 424)
        self.said = said


@dataclass(frozen=True)
class Target:
    """Who is invoked: an endpoint of an account in a region, maybe a component of it, and what it serves with."""

    name: str
    account: str
    region: str
    component: str | None
    variant: str
    fleet: Fields


class Invocations:
    """The last invocations of each endpoint, the oldest first: what was called, and no part of what there is."""

    def __init__(self, _: Emulator) -> None:
        self._seen: dict[tuple[str, str, str], deque[Fields]] = {}

    def note(self, account: str, region: str, endpoint: str, invocation: Fields) -> None:
        """Remember an invocation."""
        self._seen.setdefault((account, region, endpoint), deque(maxlen=REMEMBERED)).append(invocation)

    def of(self, account: str, region: str, endpoint: str) -> list[Fields]:
        """Return what is remembered of an endpoint."""
        return list(self._seen.get((account, region, endpoint), ()))

    def forget(self, account: str | None = None, region: str | None = None) -> None:
        """Forget all invocations, or those in one account, one region or both."""
        for where in list(self._seen):
            if account in (None, where[0]) and region in (None, where[1]):
                del self._seen[where]


def blueprint(emulator: Emulator) -> Blueprint:
    """Return the routes of one emulator's runtime."""
    routes = Blueprint("runtime", __name__)
    for path, method, view in (
        ("/endpoints/<name>/invocations", "POST", _aws(invoke)),
        ("/endpoints/<name>/async-invocations", "POST", _aws(invoke_async)),
        ("/endpoints/<name>/invocations-response-stream", "POST", _aws(invoke_stream)),
        ("/inference-routers/<name>/invocations", "POST", _aws(invoke_router, "ValidationException")),
        ("/inference-routers/<name>/async-invocations", "POST", _aws(invoke_router_async, "ValidationException")),
        ("/_emulator/endpoints/<name>/answers", "PUT", set_answers),
        ("/_emulator/endpoints/<name>/answers", "GET", get_answers),
        ("/_emulator/endpoints/<name>/answers", "DELETE", drop_answers),
        ("/_emulator/endpoints/<name>/invocations", "GET", get_invocations),
    ):
        routes.add_url_rule(path, f"{method} {path}", partial(view, emulator), methods=[method])
    emulator.control.operations |= {operation for _, operation in _OPERATIONS.values()}
    emulator.control.forgetting.append(emulator.beside(Invocations).forget)
    return routes


# --- What clients call ------------------------------------------------------------------------------------------------


def invoke(emulator: Emulator, name: str) -> Response:
    """Answer InvokeEndpoint."""
    target = _target(emulator, name)
    if "AsyncInferenceConfig" in target.fleet:
        raise _invalid(errors.ONLY_ASYNC, name=name)
    return _invoked(emulator, target)


def invoke_stream(emulator: Emulator, name: str) -> Response:
    """Answer InvokeEndpointWithResponseStream: each part of the answer in an event of its own."""
    target = _target(emulator, name)
    reply = _reply(emulator, target, _sent(), "InvokeEndpointWithResponseStream")
    response = Response(_events(reply), content_type=eventstream.CONTENT_TYPE)
    response.headers[f"{_HEADER}Content-Type"] = reply.content_type
    return _headed(response, target, reply)


def invoke_async(emulator: Emulator, name: str) -> Response:
    """Answer InvokeEndpointAsync: where the result would be, for there is no S3 here to put it."""
    target = _target(emulator, name)
    config = target.fleet.get("AsyncInferenceConfig")
    if config is None:
        raise _invalid(errors.NOT_ASYNC, name=name)
    if bool(request.get_data()) == bool(request.headers.get(f"{_HEADER}InputLocation")):
        raise _invalid(errors.BODY_OR_LOCATION)
    return _accepted(emulator, target, config["OutputConfig"])


def invoke_router(emulator: Emulator, name: str) -> Response:
    """Answer InvokeInferenceRouter: the first destination here that can be reached serves."""
    destination, _ = _routed(emulator, name)
    endpoint, component = _addressed(emulator, destination)
    response = _invoked(emulator, _target(emulator, endpoint, component))
    response.headers[f"{_HEADER}Invoked-Routed-Resource-Arn"] = destination
    response.headers[f"{_HEADER}Invoked-Routing-Reason"] = "local-preferred"
    return response


def invoke_router_async(emulator: Emulator, name: str) -> Response:
    """Answer InvokeInferenceRouterAsync."""
    destination, target = _routed(emulator, name)
    config = target.get("AsyncInferenceConfig")
    if config is None:
        raise _invalid(errors.NOT_ASYNC, name=name)
    endpoint, component = _addressed(emulator, destination)
    return _accepted(emulator, _target(emulator, endpoint, component), config["OutputConfig"])


def _aws(view: Callable[[Emulator, str], Response], invalid: str = RUNTIME_VALIDATION) -> Callable[..., Response]:
    """Return a view that has a request id, and says in the runtime's way what it refuses."""
    member, operation = _OPERATIONS[view.__name__]

    @wraps(view)
    def answer(emulator: Emulator, name: str) -> Response:
        try:
            if (request.content_length or 0) > LARGEST:
                raise _invalid(errors.RUNTIME_TOO_LARGE, limit=LARGEST)
            here = _credential(emulator)
            emulator.meet(Call(operation, {member: name}, here.account, here.region, here.key))
            response = view(emulator, name)
        except (ServiceError, UnreachableError) as failure:
            error = _lost(failure) if isinstance(failure, UnreachableError) else failure
            code = invalid if error.code == RUNTIME_VALIDATION else error.code
            said = {"Message": error.message, **(error.said if isinstance(error, ModelError) else {})}
            response = Response(json.dumps(said), error.status, {"x-amzn-ErrorType": code}, content_type=answers.JSON)
        response.headers["x-amzn-RequestId"] = emulator.chance.uuid()
        return response

    return answer


# --- Who is invoked ---------------------------------------------------------------------------------------------------


def _credential(emulator: Emulator) -> Credential:
    return way.credential(emulator, request.environ)


def _target(emulator: Emulator, name: str, component: str | None = None) -> Target:
    """Return who is invoked; ServiceError if it does not serve."""
    here = _credential(emulator)
    component = component or request.headers.get(f"{_HEADER}Inference-Component")
    with emulator.at(here.account, here.region) as scope:
        fleet = _fleet(scope, name)
        if fleet is None:
            raise _invalid(errors.ENDPOINT_OF_ACCOUNT, name=name, account=here.account)
        if component is not None:
            variant = _component_variant(scope, name, component)
        else:
            hosts_models = any("DeployedImages" in one for one in fleet.get("ProductionVariants", ()))
            if fleet.get("ProductionVariants") and not hosts_models:
                raise _invalid(errors.COMPONENT_HEADER)
            variant = _chosen(emulator, fleet, name)
    return Target(name, here.account, here.region, component, variant, fleet)


def _fleet(scope: Scope, name: str) -> Fields | None:
    """Return what an endpoint serves with; None if it does not."""
    resource = scope.resources.resource("Endpoint")
    record = scope.find(resource, (name,))
    if record is None or record.state is None or resource.lifecycle is None:
        return None
    phase = record.state.status
    return deployments.serving(record.members, phase) if resource.lifecycle.shown(phase) in SERVING else None


def _component_variant(scope: Scope, endpoint: str, name: str) -> str:
    resource = scope.resources.resource("InferenceComponent")
    record = scope.find(resource, (name,))
    fields = scope.fields(resource, record) if record else {}
    serves = fields.get("InferenceComponentStatus") in ("InService", "Updating")
    if not serves or fields["EndpointName"] != endpoint:
        raise _invalid(errors.COMPONENT_OF_ACCOUNT, name=name, account=scope.place.account)
    return str(fields.get("VariantName", ""))


def _chosen(emulator: Emulator, fleet: Fields, name: str) -> str:
    """Return the variant that a caller wants, else one by chance and weight."""
    weights = {one["VariantName"]: one["Weight"] for one in fleet.get("ProductionVariants", ())}
    wanted = request.headers.get(f"{_HEADER}Target-Variant")
    if wanted is not None:
        if wanted not in weights:
            raise _invalid(errors.VARIANT_NOT_FOUND, variant=wanted, name=name)
        return wanted
    mark = emulator.chance.fraction() * sum(weights.values())
    for variant, weight in weights.items():
        mark -= weight
        if mark < 0:
            return str(variant)
    return next(iter(weights), "")


def _routed(emulator: Emulator, name: str) -> tuple[str, Fields]:
    """Return the destination that serves a router's target, and the target; ServiceError if there is none."""
    here = _credential(emulator)
    wanted = request.headers.get(f"{_HEADER}Routing-Target-Name", "")
    with emulator.at(here.account, here.region) as scope:
        record = scope.find(scope.resources.resource("InferenceRouter"), (name,))
        targets = record.members["RoutingTargets"] if record else []
        target = next((one for one in targets if one["Name"] == wanted), None)
        if target is None:
            raise _invalid(errors.ROUTING_TARGET_NOT_FOUND, name=name, target=wanted)
        for one in target["Destinations"]:
            if routing_status(scope, one["ResourceArn"]) == "Routable":
                return one["ResourceArn"], target
    message = errors.NO_DESTINATION(name=name, target=wanted)
    raise ServiceError("ServiceUnavailableException", message, 503)


def _addressed(emulator: Emulator, destination: str) -> tuple[str, str | None]:
    """Return the endpoint that a destination stands for, and the component if it is one."""
    known = arn.parse(destination)
    kind, _, name = known.resource.partition("/") if known else ("", "", "")
    if kind == "endpoint":
        return name, None
    here = _credential(emulator)
    with emulator.at(here.account, here.region) as scope:
        record = scope.find(scope.resources.resource("InferenceComponent"), (name,))
        return (record.members["EndpointName"] if record else ""), name


# --- What is answered -------------------------------------------------------------------------------------------------


def _sent() -> Sent:
    own = {name: value for name, value in request.headers.items() if name.lower().startswith(OWN)}
    content_type = request.headers.get("Content-Type") or request.headers.get(f"{_HEADER}Content-Type", "")
    accept = request.headers.get(f"{_HEADER}Accept") or request.headers.get("Accept", "")
    return Sent(request.get_data(), content_type, accept, own)


def _invoked(emulator: Emulator, target: Target) -> Response:
    reply = _reply(emulator, target, _sent(), "InvokeEndpoint")
    return _headed(Response(reply.body, content_type=reply.content_type), target, reply)


def _headed(response: Response, target: Target, reply: Reply) -> Response:
    response.headers.extend(reply.headers)
    response.headers[_VARIANT] = target.variant
    return response


def _events(reply: Reply) -> Iterator[bytes]:
    breaks = reply.breaks
    try:
        for part in reply.parts:
            yield eventstream.event("PayloadPart", part)
    except UnreachableError as error:
        breaks = {"message": str(_lost(error).message)}
    if breaks is not None:
        code, message = breaks.get("code", "StreamBroken"), breaks.get("message", "")
        yield eventstream.failure("ModelStreamError", {"ErrorCode": code, "Message": message})


def _reply(emulator: Emulator, target: Target, sent: Sent, operation: str, **noted: str) -> Reply:
    """Return what the model says; ServiceError if nobody said what that is, or if it is an error."""
    _note(emulator, target, sent, operation, noted)
    try:
        with emulator.at(target.account, target.region) as scope:
            answer = _next(scope.place.shelf(PROGRAMS), target)
    except ProgramError as error:  # of a state that was loaded
        raise ServiceError(MODEL_ERROR, str(error), 424) from error
    if answer is None:
        raise ServiceError(MODEL_ERROR, errors.NOT_PROGRAMMED(name=target.name), 424)
    reply = answer(sent)
    if reply.status >= 400:
        raise _refused_by_model(target, reply)
    return reply


def _next(programs: Shelf, target: Target) -> Answer | None:
    """Return the answer to one more invocation; None if nobody said what that is."""
    for name in (_named(target.name, target.component), target.name):
        held = programs.get(name)
        if held is not None:
            programs.put(name, {**held, "invoked": held["invoked"] + 1})
            return answers.program(held["answers"]).after(held["invoked"])
    return None


def _lost(error: UnreachableError) -> ServiceError:
    return ServiceError(MODEL_ERROR, errors.CANNOT_FORWARD(url=error.url, reason=error), 424)


def _named(endpoint: str, component: str | None) -> str:
    """Return the name of an endpoint's program, or of that of one of its components."""
    return endpoint if component is None else f"{endpoint} {component}"


def _refused_by_model(target: Target, reply: Reply) -> ModelError:
    said, client = reply.body.decode("utf-8", "replace"), reply.status < 500
    message = errors.SERVER_ERROR(
        side="client" if client else "server",
        status=reply.status,
        variant="primary",
        message=said,
        region=target.region,
        name=target.name,
        account=target.account,
    )
    group = f"log-group:/aws/sagemaker/Endpoints/{target.name}"
    return ModelError(
        message,
        {
            "ErrorCode": "CLIENT_ERROR_FROM_MODEL" if client else "INTERNAL_FAILURE_FROM_MODEL",
            "LogStreamArn": arn.prefix("logs", target.region, target.account) + group,
            "OriginalMessage": said,
            "OriginalStatusCode": reply.status,
        },
    )


def _accepted(emulator: Emulator, target: Target, output: Fields) -> Response:
    """Return where the result of an asynchronous invocation would be."""
    chosen = request.headers.get(f"{_HEADER}Inference-Id") or emulator.chance.uuid()
    file = request.headers.get(f"{_HEADER}Filename") or f"{emulator.chance.uuid()}.out"
    extension = request.headers.get(f"{_HEADER}S3OutputPathExtension", "")
    path = "/".join(part.strip("/") for part in (extension, file) if part)
    places = {}
    if "S3OutputPath" in output:
        places[f"{_HEADER}OutputLocation"] = f"{output['S3OutputPath'].rstrip('/')}/{path}"
    if "S3FailurePath" in output:
        failed = path.removesuffix(".out") + "-error.out"
        places[f"{_HEADER}FailureLocation"] = f"{output['S3FailurePath'].rstrip('/')}/{failed}"
    noted = {"OutputLocation": places.get(f"{_HEADER}OutputLocation", ""), "InferenceId": chosen}
    _note(emulator, target, _sent(), "InvokeEndpointAsync", noted)
    return Response(json.dumps({"InferenceId": chosen}), 202, places, content_type=answers.JSON)


def _invalid(sentence: errors.Sentence, **words: Any) -> ServiceError:
    return Refusal(RUNTIME_VALIDATION, sentence).error(**words)


# --- What users say, and look at --------------------------------------------------------------------------------------


def set_answers(emulator: Emulator, name: str) -> dict[str, Any]:
    """Say what an endpoint answers from now on, whether it exists yet or not; ``component`` restricts it to one."""
    said = bodies.said()
    try:
        answers.program(said)
    except ProgramError as error:
        raise BadRequest(str(error)) from None
    with _place(emulator) as scope:
        scope.place.shelf(PROGRAMS).put(_named(name, said.get("component")), {"answers": said, "invoked": 0})
    return {"endpoint": name, "answers": said}


def get_answers(emulator: Emulator, name: str) -> dict[str, Any]:
    """Tell what an endpoint was said to answer, and how often it was asked."""
    with _place(emulator) as scope:
        held = scope.place.shelf(PROGRAMS).get(_named(name, request.args.get("component")))
        if held is None:
            raise NotFound(f"Nobody has said what {name} answers.")
        return {"endpoint": name, **held}


def drop_answers(emulator: Emulator, name: str) -> dict[str, Any]:
    """Forget what an endpoint was said to answer."""
    with _place(emulator) as scope:
        scope.place.shelf(PROGRAMS).remove(_named(name, request.args.get("component")))
    return {"endpoint": name}


def get_invocations(emulator: Emulator, name: str) -> dict[str, Any]:
    """List the last invocations of an endpoint, the oldest first."""
    return {"invocations": emulator.beside(Invocations).of(*_where(emulator), name)}


def _note(emulator: Emulator, target: Target, sent: Sent, operation: str, more: Mapping[str, str]) -> None:
    """Remember an invocation for whoever wants to see what was sent."""
    noted = {
        "operation": operation,
        "variant": target.variant,
        "content_type": sent.content_type,
        "accept": sent.accept,
        "headers": dict(sent.headers),
        **_readable(sent.body),
        **more,
    }
    noted |= {"component": target.component} if target.component else {}
    emulator.beside(Invocations).note(target.account, target.region, target.name, noted)


def _readable(body: bytes) -> dict[str, str]:
    try:
        return {"body": body.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode()}


def _place(emulator: Emulator) -> AbstractContextManager[Scope]:
    return emulator.at(*_where(emulator))


def _where(emulator: Emulator) -> tuple[str, str]:
    """Return the account and region that a query names, or those of the settings."""
    settings, said = emulator.settings, request.args
    account, region = said.get("account", settings.account), said.get("region", settings.region)
    try:
        check_place(account=account, region=region)
    except ValueError as error:
        raise BadRequest(str(error)) from None
    return account, region
