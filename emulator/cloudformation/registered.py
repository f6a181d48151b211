"""DescribeType and ListTypes: which resource types there are, and what their schemas say."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from emulator.aws import arn
from emulator.aws.errors import Refusal, Sentence
from emulator.cloudformation.asked import Act, Asked
from emulator.engine import paging
from emulator.registry.handler import ResourceType
from emulator.registry.registry import Registry
from emulator.registry.schema import can

RESOURCE, PUBLIC, LIVE, OURS = "RESOURCE", "PUBLIC", "LIVE", "AWS_TYPES"
PAGE = 100
_TYPE = "type/resource/"

NO_TYPE = Refusal(
    "TypeNotFoundException", Sentence("The type '{name}' cannot be found.", "A", "terraform-provider-awscc#3105")
)
NO_TYPE_NAMED = Refusal(
    "CFNRegistryException", Sentence("Either TypeName and Type, or Arn, must be given.", "D", "the emulator's own")
)


def describe(asked: Asked, params: Mapping[str, Any]) -> dict[str, Any]:
    """Answer DescribeType: by kind and name, or by ARN."""
    name = params.get("TypeName") or _named(params.get("Arn", ""))
    if not name or not (params.get("Arn") or params.get("Type")):
        raise NO_TYPE_NAMED.error()
    found = asked.emulator.beside(Registry).find(name) if params.get("Type", RESOURCE) == RESOURCE else None
    if found is None:
        raise NO_TYPE.error(name=name)
    return {
        "Arn": _arn(asked, name),
        "Type": RESOURCE,
        "TypeName": name,
        "Schema": json.dumps(found.schema),
        "ProvisioningType": provisioning(found),
        "DeprecatedStatus": LIVE,
        "Visibility": PUBLIC,
        **{key: found.schema[said] for key, said in _LINKS.items() if said in found.schema},
    }


def list_types(asked: Asked, params: Mapping[str, Any]) -> dict[str, Any]:
    """Answer ListTypes. All types here are public ones of AWS's, and nobody sees those without asking for them."""
    registry, filters = asked.emulator.beside(Registry), params.get("Filters", {})
    names = registry.names() if _any(params, filters) else []
    prefix, wanted = filters.get("TypeNamePrefix", ""), params.get("ProvisioningType")
    kept = [name for name in names if name.startswith(prefix)]
    if wanted:
        types = {name: registry.find(name) for name in kept}
        kept = [name for name, one in types.items() if one is not None and provisioning(one) == wanted]
    query = paging.query("ListTypes", asked.caller.account, asked.caller.region, params)
    page, token = paging.window(query, params, kept, lambda name: (name, 0), PAGE)
    summaries = [{"Type": RESOURCE, "TypeName": name, "TypeArn": _arn(asked, name)} for name in page]
    return {"TypeSummaries": summaries, "NextToken": token}


def provisioning(found: ResourceType) -> str:
    """Return what stacks can do with a type: make it, and maybe change it."""
    if not can(found.schema, "create"):
        return "NON_PROVISIONABLE"
    return "FULLY_MUTABLE" if can(found.schema, "update") else "IMMUTABLE"


def _any(params: Mapping[str, Any], filters: Mapping[str, Any]) -> bool:
    """Say whether what is asked for is of the sort that is here."""
    return (
        params.get("Visibility") == PUBLIC
        and params.get("Type", RESOURCE) == RESOURCE
        and params.get("DeprecatedStatus", LIVE) == LIVE
        and filters.get("Category", OURS) == OURS
        and "PublisherId" not in filters
    )


def _arn(asked: Asked, name: str) -> str:
    region = asked.caller.region
    return str(arn.Arn(arn.partition(region), "cloudformation", region, "", _TYPE + name.replace("::", "-")))


def _named(text: str) -> str:
    """Return the name of the type that an ARN is of."""
    return text.partition(_TYPE)[2].partition("/")[0].replace("-", "::")


_LINKS = {"SourceUrl": "sourceUrl", "DocumentationUrl": "documentationUrl"}

OPERATIONS: dict[str, Act] = {"DescribeType": describe, "ListTypes": list_types}
