"""The eight operations of Cloud Control, for a resource type of anybody's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

from emulator.cloudcontrol import documents, errors, patches
from emulator.cloudcontrol.requests import Requests
from emulator.engine import paging
from emulator.engine.emulator import Emulator
from emulator.registry import identifiers, validation
from emulator.registry.handler import CREATE, DELETE, UPDATE, Caller, HandlerError, Progress, ResourceType, Wish
from emulator.registry.registry import Registry
from emulator.registry.schema import READ_ONLY, can, pointers, without_all

PAGE = 20  # requests, where a client does not say how many it wants
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"

Said = dict[str, Any]
Params = Mapping[str, Any]
Act = Callable[[Emulator, Caller, Params], Said]
Planned = tuple[str | None, Callable[[str], Progress]]  # an identifier, if it is known, and how a handler begins
Plan = Callable[[Emulator, Caller, ResourceType, Params], Planned]


# --- Resources --------------------------------------------------------------------------------------------------------


def _begin(operation: str, plan: Plan, emulator: Emulator, caller: Caller, params: Params) -> Said:
    """Answer CreateResource, UpdateResource or DeleteResource: with the request that was begun, or begun before."""
    found = _type(emulator, params, operation.lower())
    with _requests(emulator, caller) as requests:
        request = requests.repeated(operation, params)
        if request is None:
            identifier, act = plan(emulator, caller, found, params)
            requests.refuse_concurrent(found.name, identifier)
            request = requests.begin(operation, identifier, params, act)
        return {"ProgressEvent": request.event()}


def _create(emulator: Emulator, caller: Caller, found: ResourceType, params: Params) -> Planned:
    """Plan to create what a schema allows; its identifier is known if the desired state tells it."""
    desired = documents.model("DesiredState", params["DesiredState"])
    faults = validation.validate(found.schema, desired)
    if faults:
        raise errors.invalid_model(faults)
    name = f"{found.name.rpartition('::')[2]}-{emulator.chance.text(12, _LETTERS)}"
    return (
        identifiers.identifier(found.schema, desired),
        lambda token: found.create(caller, Wish(desired, name, token)),
    )


def _update(emulator: Emulator, caller: Caller, found: ResourceType, params: Params) -> Planned:
    """Plan to make of a resource what a patch makes of what is read of it, if that is allowed."""
    patch = documents.patch("PatchDocument", params["PatchDocument"])
    with _handling(emulator, found):
        present = found.read(caller, params["Identifier"])
    identifier = identifiers.identifier(found.schema, present) or params["Identifier"]
    wished = patches.patched(found.schema, present, patch)
    before, after = (without_all(one, pointers(found.schema, READ_ONLY)) for one in (present, wished))
    return identifier, lambda token: found.update(caller, identifier, before, Wish(after, "", token))


def _delete(emulator: Emulator, caller: Caller, found: ResourceType, params: Params) -> Planned:
    """Plan to delete a resource; whether there is one, only the request will say."""
    with _handling(emulator, found):
        named = identifiers.parsed(found.schema, params["Identifier"])
    identifier = identifiers.identifier(found.schema, named) or _primary(caller, found, params["Identifier"])
    return identifier, lambda _: found.delete(caller, identifier)


def _primary(caller: Caller, found: ResourceType, additional: str) -> str:
    """Return the primary identifier of what an additional one names; the same if nothing is there."""
    try:
        return identifiers.identifier(found.schema, found.read(caller, additional)) or additional
    except HandlerError:
        return additional


def get_resource(emulator: Emulator, caller: Caller, params: Params) -> Said:
    """Answer GetResource."""
    found = _type(emulator, params, "read")
    with _handling(emulator, found):
        properties = found.read(caller, params["Identifier"])
    return {"TypeName": found.name, "ResourceDescription": _described(found, properties)}


def list_resources(emulator: Emulator, caller: Caller, params: Params) -> Said:
    """Answer ListResources."""
    found = _type(emulator, params, "list")
    model = documents.model("ResourceModel", params.get("ResourceModel", "{}"))
    with _handling(emulator, found):
        page = found.list(caller, model, params.get("NextToken"), params.get("MaxResults"))
    described = [_described(found, properties) for properties in page.models]
    more = {} if page.token is None else {"NextToken": page.token}
    return {"TypeName": found.name, "ResourceDescriptions": described, **more}


# --- Requests ---------------------------------------------------------------------------------------------------------


def get_resource_request_status(emulator: Emulator, caller: Caller, params: Params) -> Said:
    """Answer GetResourceRequestStatus. No hook is ever invoked here, so none has any progress."""
    with _requests(emulator, caller) as requests:
        request = requests.look(params["RequestToken"])
        return {"ProgressEvent": requests.waiting(request), "HooksProgressEvent": []}


def cancel_resource_request(emulator: Emulator, caller: Caller, params: Params) -> Said:
    """Answer CancelResourceRequest."""
    with _requests(emulator, caller) as requests:
        return {"ProgressEvent": requests.cancel(params["RequestToken"]).event()}


def list_resource_requests(emulator: Emulator, caller: Caller, params: Params) -> Said:
    """Answer ListResourceRequests: those that both filters let pass."""
    wanted = params.get("ResourceRequestStatusFilter", {})
    operations, statuses = wanted.get("Operations"), wanted.get("OperationStatuses")
    with _requests(emulator, caller) as requests:
        kept = [
            one
            for one in requests.all()
            if (not operations or one.operation in operations) and (not statuses or one.status in statuses)
        ]
        query = paging.query("ListResourceRequests", caller.account, caller.region, params)
        behind = {"NextToken": params["NextToken"].replace("/", "_")} if "NextToken" in params else {}
        page, token = paging.window(query, {**params, **behind}, kept, requests.place, PAGE)
        summaries = [requests.waiting(one) for one in page]
    more = {} if token is None else {"NextToken": token.replace("_", "/")}  # the letters that the model allows it
    return {"ResourceRequestStatusSummaries": summaries, **more}


# --- What they share --------------------------------------------------------------------------------------------------


def _type(emulator: Emulator, params: Params, action: str) -> ResourceType:
    """Return the type that a call is about; before all else it must be there, and know the action."""
    found = emulator.beside(Registry).find(params["TypeName"])
    if found is None:
        raise errors.NO_TYPE.error(type=params["TypeName"])
    if not can(found.schema, action):
        raise errors.UNSUPPORTED.error(type=found.name, action=action.upper())
    return found


@contextmanager
def _requests(emulator: Emulator, caller: Caller) -> Iterator[Requests]:
    """Give the requests of a caller's place, to which nobody else adds meanwhile."""
    with emulator.at(caller.account, caller.region) as scope:
        yield Requests(scope, caller, emulator.beside(Registry).find)


@contextmanager
def _handling(emulator: Emulator, found: ResourceType) -> Iterator[None]:
    """Tell the client at once what a handler refuses."""
    try:
        yield
    except HandlerError as error:
        raise errors.from_handler(error, found.name, emulator.chance.uuid()) from None


def _described(found: ResourceType, properties: Said) -> Said:
    identifier = identifiers.identifier(found.schema, properties)
    return {"Identifier": identifier, "Properties": documents.text(properties)}


OPERATIONS: Mapping[str, Act] = {
    "CancelResourceRequest": cancel_resource_request,
    "CreateResource": partial(_begin, CREATE, _create),
    "DeleteResource": partial(_begin, DELETE, _delete),
    "GetResource": get_resource,
    "GetResourceRequestStatus": get_resource_request_status,
    "ListResourceRequests": list_resource_requests,
    "ListResources": list_resources,
    "UpdateResource": partial(_begin, UPDATE, _update),
}
