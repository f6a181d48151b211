"""Valid inputs for any operation, from botocore's model alone: the same ones every time.

``minimal`` has the required members only, ``full`` has all of them (of a union one). ``variant`` asks for other values
of the same form, for updates and for a second resource.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.conformance.botocore_model import SHAPES, input_shape
from tests.conformance.patterns import generated, matches
from tests.conftest import ACCOUNT, REGION

# What the model's patterns leave too free to be guessed, or too narrow to be generated.
HANDMADE = {
    "AutoMLS3Uri": "s3://bucket/automl{n}",
    "Cidr": "10.0.{n}.0/24",
    "CodeRepositoryNameOrUrl": "https://github.com/example/repository{n}",
    "ContainerImage": "{account}.dkr.ecr.{region}.amazonaws.com/image:tag{n}",
    "AlgorithmImage": "{account}.dkr.ecr.{region}.amazonaws.com/algorithm:tag{n}",
    "ExtensionConfigurationValues": '{{"n":{n}}}',
    "GitConfigUrl": "https://github.com/example/repository{n}",
    "BaseModelArn": "arn:aws:sagemaker:{region}:aws:hub-content/hub/Model/model{n}/1.0.{n}",
    "ClusterPrivateDnsHostname": "ip-10-0-0-{n}.ec2.internal",
    "HubContentArn": "arn:aws:sagemaker:{region}:{account}:hub-content/hub/Model/model{n}/1.0.{n}",
    "HubDataSetArn": "arn:aws:sagemaker:{region}:{account}:hub-content/hub/DataSet/data{n}/1.0.{n}",
    "IdempotencyToken": "idempotency-token-number-{n}-{n}-{n}-{n}",
    "ImageUri": "{account}.dkr.ecr.{region}.amazonaws.com/image:tag{n}",
    "PipelineDefinition": '{{"Version":"2020-12-01","Steps":[],"Metadata":{{"n":{n}}}}}',
    "PolicyString": '{{"Version":"2012-10-17","Statement":[],"Id":"{n}"}}',
    "ModelCardContent": '{{"model_overview":{{"model_version":{n}}}}}',
    "ModelPackageArn": "arn:aws:sagemaker:{region}:{account}:model-package/package{n}",
    "ParameterValue": "{n}",
    "RoleArn": "arn:aws:iam::{account}:role/role{n}",
    "ScheduleExpression": "cron(0 {n} ? * * *)",
    "SecretArn": "arn:aws:secretsmanager:{region}:{account}:secret:secret{n}",
    "SingleSignOnUserIdentifier": "UserName",
    "ServerlessJobBaseModelArn": "arn:aws:sagemaker:{region}:aws:hub-content/hub/Model/model{n}/1.0.{n}",
    "Url": "s3://bucket/model{n}.tar.gz",
    "WeeklyMaintenanceWindowStart": "Mon:0{n}:30",
}

_TYPE_IN_ARN = re.compile(r"(?:\d\}|\)|aws):\(?(?P<type>[a-z][a-z-]*)[^:]*$")
_PREFIXES = (
    "arn:aws:iam::{account}:role/role{n}",
    "arn:aws:kms:{region}:{account}:key/1234abcd-12ab-34cd-56ef-1234567890a{n}",
    "arn:aws:lambda:{region}:{account}:function:function{n}",
    "arn:aws:sns:{region}:{account}:topic{n}",
    "arn:aws:eks:{region}:{account}:cluster/cluster{n}",
    "arn:aws:secretsmanager:{region}:{account}:secret:secret{n}",
    "arn:aws:sagemaker:{region}:{account}:workteam/private-crowd/team{n}",
    "s3://bucket/path{n}",
    "https://example.com/path{n}",
    "text/csv{n}",
    "application/json{n}",
    "1{n}:30",
    "10.0.0.{n}",
    "1.{n}.0",
    "1.{n}",
    "subnet-0{n}abc",
    "sg-0{n}abc",
    "vpc-0{n}abc",
    "/opt/ml/path{n}",
)
_RESTS = (
    "{type}{n}",
    "abcdef01234{n}",
    "{type}{n}/1",
    "{type}{n}/a{n}",
    "{type}-of-a-length-beyond-fifty-letters-{n}",
)


def minimal(operation: str, variant: int = 0) -> dict[str, Any]:
    """Return an input with the members that an operation requires, and no other."""
    return _structure(input_shape(operation), (), every=False, variant=variant)


def full(operation: str, variant: int = 0) -> dict[str, Any]:
    """Return an input with every member of an operation; of a union it has one."""
    return _structure(input_shape(operation), (), every=True, variant=variant)


def value(shape: str, member: str, *, every: bool = True, variant: int = 0) -> Any:
    """Return a value of one shape, as the member of that name."""
    return _value(shape, member, (), every=every, variant=variant)


def _structure(name: str, above: tuple[str, ...], *, every: bool, variant: int) -> dict[str, Any]:
    shape = SHAPES[name]
    members = shape.get("members", {})
    wanted = members if every else shape.get("required", ())
    if shape.get("union"):
        wanted = _first_that_ends(members, (*above, name))
    return {
        member: _value(members[member]["shape"], member, (*above, name), every=every, variant=variant)
        for member in wanted
        if member in shape.get("required", ()) or members[member]["shape"] not in above
    }


def _first_that_ends(members: dict[str, Any], above: tuple[str, ...]) -> list[str]:
    return [next(member for member, one in members.items() if one["shape"] not in above)]


def _value(name: str, member: str, above: tuple[str, ...], *, every: bool, variant: int) -> Any:
    shape = SHAPES[name]
    match shape["type"]:
        case "structure":
            return _structure(name, above, every=every, variant=variant)
        case "list":
            inner = shape["member"]["shape"]
            every = every and inner not in above  # what contains itself ends with its required members
            length = max(shape.get("min", 0), 1)
            return [
                _value(inner, member.removesuffix("s"), (*above, name), every=every, variant=variant + number)
                for number in range(min(length, shape.get("max", length)))
            ]
        case "map":
            key = _value(shape["key"]["shape"], "Key", (*above, name), every=every, variant=variant)
            return {key: _value(shape["value"]["shape"], "Value", (*above, name), every=every, variant=variant)}
        case "string":
            return text(name, member, variant)
        case "boolean":
            return variant % 2 == 0
        case "integer" | "long":
            return int(min(max(shape.get("min", 0), 1) + variant, shape.get("max", 2**31 - 1)))
        case "float" | "double":
            return float(min(max(shape.get("min", 0), 0.25) + variant / 4, shape.get("max", 1e9)))
        case "timestamp":
            return 1_800_000_000 + variant
    raise AssertionError(f"a type that the generator does not know: {shape['type']}")


def text(name: str, member: str, variant: int = 0) -> str:
    """Return a text that a string shape allows; LookupError if none is found."""
    shape = SHAPES[name]
    if "enum" in shape:
        return str(shape["enum"][variant % len(shape["enum"])])
    if name in HANDMADE:
        return _filled(HANDMADE[name], variant)
    least, most = shape.get("min", 0), shape.get("max", 1 << 20)
    for candidate in _candidates(name, member, shape.get("pattern"), variant):
        sized = candidate if len(candidate) >= least else candidate + "a" * (least - len(candidate))
        if len(sized) <= most and ("pattern" not in shape or matches(shape["pattern"], sized)):
            return sized
    raise LookupError(f"no text for {name}: {shape}")


def _candidates(name: str, member: str, pattern: str | None, variant: int) -> Iterator[str]:
    ending = str(variant) if variant else ""
    kebab = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", member).lower()
    looks = name if name.endswith(("Arn", "Uri", "Url")) else member
    if looks.endswith("Arn") or (pattern and "arn:" in pattern and "OrArn" not in name and not looks.endswith("Name")):
        yield from _arns(name, pattern or "", variant)
    if looks.endswith(("Uri", "Url", "S3Path")):
        yield _filled("s3://bucket/path{n}" if "S3" in name + member else "https://example.com/path{n}", variant)
    yield kebab + ending
    yield kebab.replace("-", "") + "b" * variant
    yield "n" + str(variant)
    yield from (_filled(one, variant) for one in _PREFIXES)
    if pattern:
        yield from generated(pattern, variant)


def _arns(name: str, pattern: str, variant: int) -> Iterator[str]:
    if "sagemaker" in pattern or not pattern or pattern == "arn:.*":
        found = _TYPE_IN_ARN.search(pattern)
        kebab = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name.removesuffix("Arn")).lower() or "resource"
        for kind in dict.fromkeys((found["type"] if found else kebab, kebab)):
            for rest in _RESTS:
                yield _filled("arn:aws:sagemaker:{region}:{account}:{kind}/" + rest, variant, kind=kind)
    yield from (_filled(one, variant) for one in _PREFIXES)


def _filled(form: str, variant: int, kind: str = "") -> str:
    return form.format(
        account=ACCOUNT, region=REGION, n=variant, kind=kind, type=kind.rstrip("-").replace("-", "") or "a"
    )
