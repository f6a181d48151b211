"""Pipelines: a definition is a text, or where in S3 it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.registry.departure import Departure, Members

DEFINITION = "PipelineDefinition"
IN_S3 = "PipelineDefinitionS3Location"
_LOCATION = {"Bucket": "Bucket", "Key": "ObjectKey", "Version": "VersionId"}


def sending(_: str, params: Members, wished: Mapping[str, Any], __: Mapping[str, Any]) -> Members:
    """Send the definition as it was written, or its place."""
    said = wished.get(DEFINITION)
    if said is None:
        return params
    others = {name: value for name, value in params.items() if name != DEFINITION}
    if IN_S3 in said:
        place = said[IN_S3]
        return {**others, IN_S3: {member: place[name] for name, member in _LOCATION.items() if name in place}}
    return {**others, DEFINITION: said["PipelineDefinitionBody"]}


def definition(described: dict[str, Any]) -> dict[str, str]:
    """Show the definition as the text that it is."""
    return {"PipelineDefinitionBody": described[DEFINITION]}


TYPE = Departure(sending=sending, shown={DEFINITION: definition})
