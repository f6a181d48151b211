"""Contents of hubs: imported in versions, listed by their latest, referred to in the public hub, and downloaded."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import VALIDATION, Refusal
from emulator.engine import paging, presigned, verbs
from emulator.engine.listing import List
from emulator.engine.resource import Resource
from emulator.engine.scope import Scope
from emulator.engine.store import Key, Record, pack
from emulator.sagemaker.rules import semantic_versions

Params = Mapping[str, Any]
Answer = dict[str, Any]

REFERENCE = "ModelReference"
VERSIONS = "versions"  # the note of a content: its versions, in the order of their import
VERSION = "HubContentVersion"
EXPIRES = 900
PAGE = 100
NOTHING = "{}"  # the document of a reference: the public hub's own is not here
NO_CHANGES = frozenset({"HubName", "HubContentType", "HubContentName", VERSION})


# --- Importing and referring ------------------------------------------------------------------------------------------


def import_(scope: Scope, params: Params) -> Answer:
    """Import content into a hub, as the version that is named, or as the next one."""
    hub = _hub(scope, params)
    named = {**params, "HubName": hub.key[0]}
    return _added(scope, {**named, VERSION: params.get(VERSION) or _next(scope, named)})


def refer(scope: Scope, params: Params) -> Answer:
    """Refer to content of the public hub."""
    hub = _hub(scope, params)
    target = params["SageMakerPublicHubContentArn"]
    least = {"ReferenceMinVersion": params["MinVersion"]} if "MinVersion" in params else {}
    content = {
        "HubName": hub.key[0],
        "HubContentType": REFERENCE,
        "HubContentName": params.get("HubContentName", target.rpartition("/")[2]),
    }
    _refuse_existing(scope, content)
    said = {
        **content,
        VERSION: params.get("MinVersion", semantic_versions.FIRST),
        "DocumentSchemaVersion": semantic_versions.FIRST,
        "HubContentDocument": NOTHING,
        "SageMakerPublicHubContentArn": target,
        **least,
    }
    return _added(scope, said | ({"Tags": params["Tags"]} if "Tags" in params else {}))


def _refuse_existing(scope: Scope, params: Params) -> None:
    resource = _versions(scope)
    content = _content(scope, params)
    latest = _latest(scope, content) if content else None
    if latest is not None:
        raise resource.taken.error(**resource.called(latest.arn, latest.key))


def _added(scope: Scope, params: Params) -> Answer:
    untagged = {name: value for name, value in params.items() if name != "Tags"}
    version = verbs.make(scope, _versions(scope), untagged)
    contents = scope.resources.resource("HubContent")
    content = _content(scope, params)
    if content is None:
        named = {name: params[name] for name in (*contents.keys[0], "Tags") if name in params}
        content = verbs.make(scope, contents, named)
    numbers = [*content.own.get(VERSIONS, ()), version.key[-1]]
    scope.put(contents, content._replace(own={**content.own, VERSIONS: numbers}))
    return _answer(scope, version)


def _next(scope: Scope, params: Params) -> str:
    content = _content(scope, params)
    latest = _latest(scope, content) if content else None
    return semantic_versions.following(latest.key[-1]) if latest else semantic_versions.FIRST


# --- Describing and changing ------------------------------------------------------------------------------------------


def describe(scope: Scope, params: Params) -> Answer:
    """Tell all about a version of a content, the latest where none is named."""
    resource = _versions(scope)
    version = scope.look(resource, _found(scope, params))
    assert scope.output is not None  # what is described has an output
    return resource.project(scope.output.name, scope.fields(resource, version))


def update(scope: Scope, params: Params) -> Answer:
    """Change what is said about a version; what a reference says is said in the public hub."""
    version = _found(scope, params)
    if version.key[1] == REFERENCE:
        raise Refusal(VALIDATION, errors.REFERENCE_TO_UPDATE).error(operation="UpdateHubContentReference")
    if not params.keys() - NO_CHANGES:
        raise Refusal(VALIDATION, errors.NOTHING_TO_UPDATE).error()
    verbs.update(scope, _versions(scope), {**params, "HubName": version.key[0]})
    return _answer(scope, version)


def update_reference(scope: Scope, params: Params) -> Answer:
    """Change the least version that a reference refers to."""
    _refuse_no_reference(params)
    resource = _versions(scope)
    version = _found(scope, params)
    verbs.update(scope, resource, {**dict(zip(resource.keys[0], version.key, strict=True))})
    version = _found(scope, params)
    if "MinVersion" in params:
        version = _raised(scope, version, params["MinVersion"])
    return _answer(scope, version)


def _raised(scope: Scope, version: Record, least: str) -> Record:
    """Return a reference to at least a version; where it referred to an older one, it takes the place of that."""
    resource = _versions(scope)
    members = {**version.members, "ReferenceMinVersion": least}
    if semantic_versions.at_least(version.key[-1], least):
        return scope.put(resource, version._replace(packed=pack(members))) or version
    key = (*version.key[:-1], least)
    packed = pack({**members, VERSION: least})
    new = version._replace(key=key, arn=scope.arn(resource, key), packed=packed)
    contents = scope.resources.resource("HubContent")
    if (content := scope.find(contents, key[:3])) is not None:
        scope.put(contents, content._replace(own={**content.own, VERSIONS: [version.key[-1], least]}))
    scope.put(resource, new)
    scope.remove(resource, version)
    return new


def delete(scope: Scope, params: Params) -> None:
    """Delete one version of a content."""
    hub = _hub(scope, params)
    verbs.delete(scope, _versions(scope), {**params, "HubName": hub.key[0]})


def delete_reference(scope: Scope, params: Params) -> None:
    """Delete a reference."""
    _refuse_no_reference(params)
    resource = _versions(scope)
    verbs.delete(scope, resource, dict(zip(resource.keys[0], _found(scope, params).key, strict=True)))


def follow(scope: Scope, resource: Resource, old: Record | None, new: Record | None) -> None:  # noqa: ARG001
    """Let a content end with the last of its versions."""
    if new is not None or old is None:
        return
    contents = scope.resources.resource("HubContent")
    content = scope.find(contents, old.key[:3])
    if content is None:
        return
    left = [number for number in content.own.get(VERSIONS, ()) if number != old.key[-1]]
    if left:
        scope.put(contents, content._replace(own={**content.own, VERSIONS: left}))
    else:
        scope.remove(contents, content)


def _refuse_no_reference(params: Params) -> None:
    if params["HubContentType"] != REFERENCE:
        raise Refusal(VALIDATION, errors.ONLY_REFERENCES).error(type=params["HubContentType"])


# --- Listing ----------------------------------------------------------------------------------------------------------


def list_contents(scope: Scope, params: Params) -> Answer:
    """List the contents of a type in a hub, each as its latest version is."""
    hub = _hub(scope, params)
    contents = scope.resources.resource("HubContent")
    family = list(scope.table(contents).family(("Hub", *hub.key)).values())
    latest = [_latest(scope, one) for one in family if one.key[1] == params["HubContentType"]]
    return _listed(scope, "ListHubContents", params, [one for one in latest if one is not None])


def list_versions(scope: Scope, params: Params) -> Answer:
    """List the versions of a content."""
    content = _content(scope, {**params, "HubName": _hub(scope, params).key[0]})
    return _listed(scope, "ListHubContentVersions", params, list(_all(scope, content)) if content else [])


def _listed(scope: Scope, operation: str, params: Params, records: list[Record]) -> Answer:
    aside = ("HubName", "HubContentType", "HubContentName")
    asked = {name: value for name, value in params.items() if name not in aside}
    answer = _lister(_versions(scope), operation).among(scope, asked, records)
    for summary in answer["HubContentSummaries"]:
        content = scope.find(scope.resources.resource("HubContent"), _key_in(summary["HubContentArn"]))
        if content is not None:
            summary["OriginalCreationTime"] = content.created
    return answer


def _key_in(arn: str) -> Key:
    return tuple(arn.rpartition(":")[2].split("/")[1:4])


@cache
def _lister(resource: Resource, operation: str) -> List:
    return List(resource, operation)


# --- Downloading ------------------------------------------------------------------------------------------------------


def presigned_urls(scope: Scope, params: Params) -> Answer:
    """Give links to the files of a version, which hold for a quarter of an hour."""
    version = _found(scope, params)
    expected = params.get("AccessConfig", {}).get("ExpectedS3Url")
    files = list(dict.fromkeys(_files(_document(version.members["HubContentDocument"]))))
    for file in files:
        if expected is not None and not file.startswith(expected):
            raise Refusal(VALIDATION, errors.UNEXPECTED_FILE).error(file=file, expected=expected)
    query = paging.query("CreateHubContentPresignedUrls", scope.place.account, scope.place.region, params)
    kept, following = paging.window(query, params, enumerate(files), lambda entry: ("", entry[0]), PAGE)
    links = [{"Url": _link(scope, file), "LocalPath": "/" + file.rpartition("/")[2]} for _, file in kept]
    return {"AuthorizedUrlConfigs": links} | ({"NextToken": following} if following else {})


def _link(scope: Scope, file: str) -> str:
    bucket, _, key = file.removeprefix("s3://").partition("/")
    place = f"https://{bucket}.s3.{scope.place.region}.amazonaws.com/{key}"
    return presigned.url(place, "X-Amz-Security-Token", {"sub": file}, scope.clock.now(), EXPIRES)


def _document(text: str) -> Any:
    """Return what a document says; nothing, if it is not JSON."""
    try:
        return json.loads(text)
    except ValueError:
        return None


def _files(document: Any) -> Iterator[str]:
    """Yield every file in S3 that a document names."""
    if isinstance(document, str) and document.startswith("s3://"):
        yield document
    elif isinstance(document, dict):
        for value in document.values():
            yield from _files(value)
    elif isinstance(document, list):
        for value in document:
            yield from _files(value)


# --- Finding ----------------------------------------------------------------------------------------------------------


def _versions(scope: Scope) -> Resource:
    return scope.resources.resource(VERSION)


def _hub(scope: Scope, params: Params) -> Record:
    return verbs.find(scope, scope.resources.resource("Hub"), params)


def _content(scope: Scope, params: Params) -> Record | None:
    """Return the content that the params name, None if there is none."""
    resource = scope.resources.resource("HubContent")
    return scope.find(resource, tuple(params[name] for name in resource.keys[0]))


def _existing(scope: Scope, params: Params) -> Record:
    """Return the content that the params name; ServiceError if it does not exist."""
    hub = _hub(scope, params)
    named = {**params, "HubName": hub.key[0]}
    content = _content(scope, named)
    if content is None or _latest(scope, content) is None:
        resource = scope.resources.resource("HubContent")
        key = tuple(named[name] for name in resource.keys[0])
        raise resource.missing.error(**resource.called(scope.arn(resource, key), key))
    return content


def _all(scope: Scope, content: Record) -> Iterator[Record]:
    """Yield the versions of a content that are there."""
    for number in list(content.own.get(VERSIONS, ())):
        if (version := scope.find(_versions(scope), (*content.key, number))) is not None:
            yield version


def _latest(scope: Scope, content: Record) -> Record | None:
    """Return the latest version of a content; None if its last one has just ended."""
    return max(_all(scope, content), key=lambda one: semantic_versions.parsed(one.key[-1]), default=None)


def _found(scope: Scope, params: Params) -> Record:
    """Return the version that the params name, else the latest; ServiceError if it does not exist."""
    content = _existing(scope, params)
    latest = _latest(scope, content)
    if VERSION not in params and latest is not None:
        return latest
    return verbs.find(scope, _versions(scope), {**params, "HubName": content.key[0]})


def _answer(scope: Scope, version: Record) -> Answer:
    assert scope.output is not None  # all that answer this have an output
    return _versions(scope).project(scope.output.name, scope.fields(_versions(scope), version))


OPERATIONS = {
    "CreateHubContentPresignedUrls": presigned_urls,
    "CreateHubContentReference": refer,
    "DeleteHubContent": delete,
    "DeleteHubContentReference": delete_reference,
    "DescribeHubContent": describe,
    "ImportHubContent": import_,
    "ListHubContentVersions": list_versions,
    "ListHubContents": list_contents,
    "UpdateHubContent": update,
    "UpdateHubContentReference": update_reference,
}
