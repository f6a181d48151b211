"""Bad input, kind by kind: the exact error, and a store in which nothing has changed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from emulator.aws import java
from emulator.aws.errors import ServiceError
from emulator.engine.emulator import Emulator
from tests.conftest import ACCOUNT, REGION, ROLE
from tests.wire.raw import Wire

ARN = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}"
IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/serve:1"
GROUP = {"ModelPackageGroupName": "group"}
CONTAINER = {"Image": IMAGE}
SERVES: dict[str, Any] = {"Containers": [CONTAINER], "SupportedContentTypes": [], "SupportedResponseMIMETypes": []}
TAG = {"Key": "k", "Value": "v"}

# The patterns as they are printed. Those with a ^ or a $ are AWS's own where botocore has none.
MODEL_NAME = r"^[a-zA-Z0-9]([\-a-zA-Z0-9]*[a-zA-Z0-9])?"
ENTITY_NAME = r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}"
IMAGE_NAME = r"[a-zA-Z0-9]([-.]?[a-zA-Z0-9]){0,62}"
ROLE_ARN = r"arn:aws[a-z\-]*:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+"
RESOURCE_ARN = r"arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:[0-9]{12}:.+"
PACKAGE_ARN = r"arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]{9,16}:[0-9]{12}:model-package/[\S]{1,2048}"
ARN_OR_NAME = r"(arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]*:[0-9]{12}:[a-z\-]*\/)?([a-zA-Z0-9]([a-zA-Z0-9-]){0,62})(?<!-)"
VERSIONED = ARN_OR_NAME + r"(\/[0-9]{1,9})?$"
TAG_TEXT = r"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)"
METADATA_KEY = r"([\p{L}\p{Z}\p{N}_.:\/=+\-@]*)${1,128}"
URL = r"(https|s3)://([^/]+)/?(.*)"

Params = dict[str, Any]


def at(path: str, constraint: str, value: Any = None) -> str:
    """One fault. ``value`` is how it is printed; None stands for a member that is not there."""
    shown = "null" if value is None else f"'{value}'"
    return f"Value {shown} at '{path}' failed to satisfy constraint: Member must {constraint}"


def pattern(text: str) -> str:
    return f"satisfy regular expression pattern: {text}"


def longest(bound: int) -> str:
    return f"have length less than or equal to {bound}"


def shortest(bound: int) -> str:
    return f"have length greater than or equal to {bound}"


def enum(*values: str) -> str:
    return f"satisfy enum value set: [{', '.join(values)}]"


NOT_NULL = "not be null"


def model(**params: Any) -> Params:
    return {"ModelName": "new", "PrimaryContainer": CONTAINER, **params}


def container(**members: Any) -> Params:
    return model(PrimaryContainer={**CONTAINER, **members})


def package(**params: Any) -> Params:
    return {**GROUP, "InferenceSpecification": SERVES, **params}


def version(**params: Any) -> Params:
    return {"ImageName": "image", "BaseImage": IMAGE, "ClientToken": "new", **params}


def serverless(**more: Any) -> Params:
    said = {"MemorySizeInMB": 1024, "MaxConcurrency": 1, **more}
    variant = {"VariantName": "v", "ModelName": "model", "ServerlessConfig": said}
    return {"EndpointConfigName": "new", "ProductionVariants": [variant]}


def transform(**job: Any) -> Params:
    """A validation specification with one profile."""
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://b/k"}}
    full = {
        "TransformInput": {"DataSource": source},
        "TransformOutput": {"S3OutputPath": "s3://b/o"},
        "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
        **job,
    }
    return {"ValidationRole": ROLE, "ValidationProfiles": [{"ProfileName": "p", "TransformJobDefinition": full}]}


# --- One constraint broken --------------------------------------------------------------------------------------------

BROKEN: dict[str, tuple[str, Params, list[str]]] = {
    # not there
    "required": ("CreateModel", {}, [at("modelName", NOT_NULL)]),
    "required and null": ("CreateModel", {"ModelName": None}, [at("modelName", NOT_NULL)]),
    "required in a structure": ("CreateModel", container(ImageConfig={}), [
        at("primaryContainer.imageConfig.repositoryAccessMode", NOT_NULL)]),
    "required in a list": ("CreateModel", model(Tags=[TAG, {"Key": "b"}]), [at("tags.2.member.value", NOT_NULL)]),
    "null in a list": ("DeleteTags", {"ResourceArn": f"{ARN}:model/model", "TagKeys": ["a", None]}, [
        at("tagKeys.2.member", NOT_NULL)]),
    "null in a list of structures": ("CreateModel", model(PrimaryContainer=None, Containers=[None]), [
        at("containers.1.member", NOT_NULL)]),
    # lengths of texts
    "too long": ("DescribeModel", {"ModelName": "a" * 64}, [at("modelName", longest(63), "a" * 64)]),
    "too short": ("CreateImage", {"ImageName": "i", "RoleArn": ROLE, "Description": ""}, [
        at("description", shortest(1), "")]),
    "too long by surrogate pairs": ("CreateImage", {"ImageName": "i", "RoleArn": ROLE, "Description": "🤖" * 257}, [
        at("description", longest(512), "🤖" * 257)]),
    "too long a policy": ("PutModelPackageGroupPolicy", {**GROUP, "ResourcePolicy": "p" * 20481}, [
        at("resourcePolicy", longest(20480), "p" * 20481)]),
    "too long a page token": ("ListModels", {"NextToken": "a" * 8193}, [at("nextToken", longest(8192), "a" * 8193)]),
    "too long an environment key": ("CreateModel", container(Environment={"A" * 1025: "x"}), [
        (f"Value '{{{'A' * 1025}=x}}' at 'primaryContainer.environment' failed to satisfy constraint: "
        "Map keys must satisfy constraint: [Member must have length less than or equal to 1024, "
        "Member must have length greater than or equal to 0, "
        "Member must satisfy regular expression pattern: [a-zA-Z_][a-zA-Z0-9_]*]")]),
    # lengths of lists
    "too many elements": ("CreateModel", model(Tags=[{"Key": f"{n}", "Value": ""} for n in range(51)]), [
        at("tags", longest(50), "[" + ", ".join(f"{{Key={n}, Value=}}" for n in range(51)) + "]")]),
    "too few elements": ("DeleteTags", {"ResourceArn": f"{ARN}:model/model", "TagKeys": []}, [
        at("tagKeys", shortest(1), "[]")]),
    "too few in a nested list": (
        "CreateModel", model(VpcConfig={"SecurityGroupIds": [], "Subnets": ["subnet-1"]}), [
            at("vpcConfig.securityGroupIds", shortest(1), "[]")]),
    "too many containers": ("CreateModel", {"ModelName": "new", "Containers": [{"Image": "x"}] * 16}, [
        at("containers", longest(15), "[" + ", ".join(["{Image=x}"] * 16) + "]")]),
    "no container in a package": ("CreateModelPackage", package(InferenceSpecification={"Containers": []}), [
        at("inferenceSpecification.containers", shortest(1), "[]")]),
    # sizes of maps
    "too many entries": ("CreateModel", container(Environment={f"A{n}": "" for n in range(101)}), [
        at("primaryContainer.environment", longest(100),
           "{" + ", ".join(f"A{n}=" for n in range(101)) + "}")]),
    "too few entries": ("CreateModelPackage", package(CustomerMetadataProperties={}), [
        at("customerMetadataProperties", shortest(1), "{}")]),
    # keys and values of maps
    "map key": ("CreateModel", container(Environment={"1A": "x", "B": "y"}), [
        ("Value '{1A=x, B=y}' at 'primaryContainer.environment' failed to satisfy constraint: "
        "Map keys must satisfy constraint: [Member must have length less than or equal to 1024, "
        "Member must have length greater than or equal to 0, "
        "Member must satisfy regular expression pattern: [a-zA-Z_][a-zA-Z0-9_]*]")]),
    "map value": ("CreateModel", container(Environment={"A": "x" * 1025}), [
        (f"Value '{{A={'x' * 1025}}}' at 'primaryContainer.environment' failed to satisfy constraint: "
        "Map value must satisfy constraint: [Member must have length less than or equal to 1024, "
        "Member must have length greater than or equal to 0, "
        r"Member must satisfy regular expression pattern: [\S\s]*]")]),
    "map value null": ("CreateModel", container(Environment={"A": None}), [
        ("Value '{A=null}' at 'primaryContainer.environment' failed to satisfy constraint: "
        "Map value must satisfy constraint: [Member must have length less than or equal to 1024, "
        "Member must have length greater than or equal to 0, "
        r"Member must satisfy regular expression pattern: [\S\s]*]")]),
    "map key with a quantified end": ("CreateModelPackage", package(CustomerMetadataProperties={"a!": "x"}), [
        ("Value '{a!=x}' at 'customerMetadataProperties' failed to satisfy constraint: "
        "Map keys must satisfy constraint: [Member must have length less than or equal to 128, "
        "Member must have length greater than or equal to 1, "
        f"Member must satisfy regular expression pattern: {METADATA_KEY}]")]),
    # numbers
    "too large": ("ListModels", {"MaxResults": 101}, [
        at("maxResults", "have value less than or equal to 100", 101)]),
    "too small": ("ListModels", {"MaxResults": 0}, [at("maxResults", "have value greater than or equal to 1", 0)]),
    "negative": ("ListImages", {"MaxResults": -5}, [at("maxResults", "have value greater than or equal to 1", -5)]),
    "too small for tags": ("ListTags", {"ResourceArn": f"{ARN}:model/model", "MaxResults": 49}, [
        at("maxResults", "have value greater than or equal to 50", 49)]),
    "a version below zero": ("DescribeImageVersion", {"ImageName": "image", "Version": -1}, [
        at("version", "have value greater than or equal to 0", -1)]),
    "a number deep inside": (
        "CreateModelPackage",
        {"ModelPackageName": "new", "ValidationSpecification": transform(
            TransformResources={"InstanceType": "ml.m5.large", "InstanceCount": 0})},
        [at("validationSpecification.validationProfiles.1.member.transformJobDefinition.transformResources"
            ".instanceCount", "have value greater than or equal to 1", 0)]),
    "a fraction cut to a number too small": ("ListModels", {"MaxResults": 0.9}, [
        at("maxResults", "have value greater than or equal to 1", 0)]),
    # patterns
    "pattern of a model name": ("DescribeModel", {"ModelName": "codeqwen1.5-7b"}, [
        at("modelName", pattern(MODEL_NAME), "codeqwen1.5-7b")]),
    "pattern and empty": ("DescribeModel", {"ModelName": ""}, [at("modelName", pattern(MODEL_NAME), "")]),
    "pattern and blank": ("DescribeModel", {"ModelName": " "}, [at("modelName", pattern(MODEL_NAME), " ")]),
    "pattern and line end": ("DescribeModel", {"ModelName": "a\n"}, [at("modelName", pattern(MODEL_NAME), "a\n")]),
    "pattern and a digit of another script": ("DescribeModel", {"ModelName": "m٣"}, [
        at("modelName", pattern(MODEL_NAME), "m٣")]),
    "pattern of a package name, with AWS's end": ("DescribeModelPackage", {"ModelPackageName": "bad_name"}, [
        at("modelPackageName", pattern(VERSIONED), "bad_name")]),
    "pattern of a package name, ten digits": ("DescribeModelPackage", {"ModelPackageName": "group/1234567890"}, [
        at("modelPackageName", pattern(VERSIONED), "group/1234567890")]),
    "pattern of a package name in a container": ("CreateModel", container(ModelPackageName="-"), [
        at("primaryContainer.modelPackageName", pattern(VERSIONED), "-")]),
    "pattern of a group": ("CreateModelPackageGroup", {"ModelPackageGroupName": "-g"}, [
        at("modelPackageGroupName", pattern(ENTITY_NAME), "-g")]),
    "pattern of an image": ("DescribeImage", {"ImageName": "a..b"}, [at("imageName", pattern(IMAGE_NAME), "a..b")]),
    "pattern of a role": ("CreateModel", model(ExecutionRoleArn="arn:aws:iam::123:role/r"), [
        at("executionRoleArn", pattern(ROLE_ARN), "arn:aws:iam::123:role/r")]),
    "pattern of a role with digits of another script": (
        "CreateModel", model(ExecutionRoleArn="arn:aws:iam::١٢٣٤٥٦٧٨٩٠١٢:role/r"), [
            at("executionRoleArn", pattern(ROLE_ARN), "arn:aws:iam::١٢٣٤٥٦٧٨٩٠١٢:role/r")]),
    "pattern of a role deep inside": (
        "CreateModelPackage", {"ModelPackageName": "new", "ValidationSpecification": {
            **transform(), "ValidationRole": "AmazonSageMaker-ExecutionRole-1"}}, [
            at("validationSpecification.validationRole", pattern(ROLE_ARN), "AmazonSageMaker-ExecutionRole-1")]),
    "pattern of a resource's ARN, empty": ("ListTags", {"ResourceArn": ""}, [
        at("resourceArn", pattern(RESOURCE_ARN), "")]),
    "pattern of a resource's ARN, of another service": ("ListTags", {"ResourceArn": "arn:aws:s3:::bucket"}, [
        at("resourceArn", pattern(RESOURCE_ARN), "arn:aws:s3:::bucket")]),
    "pattern of a tag's key": ("CreateModel", model(Tags=[{"Key": "a#", "Value": ""}]), [
        at("tags.1.member.key", pattern(TAG_TEXT), "a#")]),
    "pattern of a tag's value": ("CreateModel", model(Tags=[TAG, {"Key": "a", "Value": "🤖"}]), [
        at("tags.2.member.value", pattern(TAG_TEXT), "🤖")]),
    "pattern in a list": ("CreateModel", model(VpcConfig={"SecurityGroupIds": ["sg-1", "sg_2"], "Subnets": ["s"]}), [
        at("vpcConfig.securityGroupIds.2.member", pattern("[-0-9a-zA-Z]+"), "sg_2")]),
    "pattern of a URL": ("CreateModel", container(ModelDataUrl="ftp://b/k"), [
        at("primaryContainer.modelDataUrl", pattern(URL), "ftp://b/k")]),
    "pattern of an image's URI": ("CreateModel", container(Image="a b"), [
        at("primaryContainer.image", pattern(r"[\S]+"), "a b")]),
    "pattern of an ARN in a list": ("BatchDescribeModelPackage", {"ModelPackageArnList": [f"{ARN}:model/m"]}, [
        at("modelPackageArnList.1.member", pattern(PACKAGE_ARN), f"{ARN}:model/m")]),
    "pattern of an alias": ("CreateImageVersion", version(Aliases=["ok", ".no"]), [
        at("aliases.2.member", pattern(r"(?!^[.-])^([a-zA-Z0-9-_.]+)"), ".no")]),
    "pattern of a property to delete": ("UpdateImage", {"ImageName": "image", "DeleteProperties": ["RoleArn"]}, [
        at("deleteProperties.1.member", pattern(r"(^DisplayName$)|(^Description$)"), "RoleArn")]),
    "pattern of a client token": ("CreateImageVersion", version(ClientToken="a_b"), [
        at("clientToken", pattern("[a-zA-Z0-9-]+"), "a_b")]),
    "pattern and a line end in a page token": ("ListModels", {"NextToken": "a\n"}, [
        at("nextToken", pattern(".*"), "a\n")]),
    "pattern and a tab": ("CreateModelPackageGroup", {
        "ModelPackageGroupName": "new", "ModelPackageGroupDescription": "a\tb"}, [
            at("modelPackageGroupDescription", pattern(r"[\p{L}\p{M}\p{Z}\p{S}\p{N}\p{P}]*"), "a\tb")]),
    # enums
    "enum": ("ListModels", {"SortOrder": "Up"}, [at("sortOrder", enum("Ascending", "Descending"), "Up")]),
    "enum in the wrong case": ("ListImages", {"SortOrder": "Ascending"}, [
        at("sortOrder", enum("ASCENDING", "DESCENDING"), "Ascending")]),
    "enum and empty": ("ListModels", {"SortBy": ""}, [at("sortBy", enum("Name", "CreationTime"), "")]),
    "enum deep inside": ("CreateModel", model(PrimaryContainer=None, Containers=[CONTAINER, {"Mode": "Many"}]), [
        at("containers.2.member.mode", enum("SingleModel", "MultiModel"), "Many")]),
    "enum of an update": ("UpdateModelPackage", {
        "ModelPackageArn": f"{ARN}:model-package/group/1", "ModelApprovalStatus": "Maybe"}, [
            at("modelApprovalStatus", enum("Approved", "Rejected", "PendingManualApproval"), "Maybe")]),
    # secrets are not repeated
    "a secret too long": ("CreateModelPackage", package(ModelCard={"ModelCardContent": "s" * 100_001}), [
        ("Value at 'modelCard.modelCardContent' failed to satisfy constraint: "
        "Member must have length less than or equal to 100000")]),
    "a secret of two lines": ("CreateModelPackage", package(ModelCard={"ModelCardContent": "a\nb"}), [
        ("Value at 'modelCard.modelCardContent' failed to satisfy constraint: "
        "Member must satisfy regular expression pattern: .*")]),
    # unions
    "no member of a union": (
        "CreateSpace", {"DomainId": "d-1", "SpaceName": "s", "SpaceSettings": {"CustomFileSystems": [{}]}}, [
            ("Value '{}' at 'spaceSettings.customFileSystems.1.member' failed to satisfy constraint: "
            "Exactly one member of the union must be set")]),
    "two members of a union": (
        "CreateSpace", {"DomainId": "d-1", "SpaceName": "s", "SpaceSettings": {"CustomFileSystems": [
            {"EFSFileSystem": {"FileSystemId": "fs-12345678"}, "S3FileSystem": {"S3Uri": "s3://b/k"}}]}}, [
            ("Value '{EFSFileSystem={FileSystemId=fs-12345678}, S3FileSystem={S3Uri=s3://b/k}}' at "
            "'spaceSettings.customFileSystems.1.member' failed to satisfy constraint: "
            "Exactly one member of the union must be set")]),
    # several
    "two of one value, length before pattern": ("DescribeModel", {"ModelName": "{{ ti.xcom_pull }}" * 4}, [
        at("modelName", longest(63), "{{ ti.xcom_pull }}" * 4),
        at("modelName", pattern(MODEL_NAME), "{{ ti.xcom_pull }}" * 4)]),
    "short and of no pattern": ("CreateModelPackageGroup", {"ModelPackageGroupName": ""}, [
        at("modelPackageGroupName", shortest(1), ""),
        at("modelPackageGroupName", pattern(ENTITY_NAME), "")]),
    "two missing, in the model's order": ("CreateImageVersion", {"ClientToken": "t"}, [
        at("baseImage", NOT_NULL), at("imageName", NOT_NULL)]),
    "all in the model's order, not in the caller's": (
        "CreateModel",
        {"Tags": [{}], "ExecutionRoleArn": "r", "PrimaryContainer": {"Mode": "x", "Image": ""}, "ModelName": "-"},
        [
            at("modelName", pattern(MODEL_NAME), "-"),
            at("primaryContainer.image", pattern(r"[\S]+"), ""),
            at("primaryContainer.mode", enum("SingleModel", "MultiModel"), "x"),
            at("executionRoleArn", shortest(20), "r"),
            at("executionRoleArn", pattern(ROLE_ARN), "r"),
            at("tags.1.member.key", NOT_NULL),
            at("tags.1.member.value", NOT_NULL),
        ]),
    "a list before its elements": ("DeleteTags", {"ResourceArn": f"{ARN}:model/model", "TagKeys": ["#"] * 51}, [
        at("tagKeys", longest(50), "[" + ", ".join("#" * 51) + "]"),
        *(at(f"tagKeys.{n}.member", pattern(TAG_TEXT), "#") for n in range(1, 52))]),
}  # fmt: skip


@pytest.mark.parametrize(("operation", "params", "faults"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_constraint_is_named_in_one_sentence(
    refuses: Callable[..., None], operation: str, params: Params, faults: list[str]
) -> None:
    plural = "" if len(faults) == 1 else "s"
    sentence = f"{len(faults)} validation error{plural} detected: {'; '.join(faults)}"
    refuses(operation, params, "ValidationException", sentence)


# --- The wrong type of JSON -------------------------------------------------------------------------------------------

LIST = "Start of list found where not expected"
MAP = "Start of structure or map found where not expected."
TYPES: dict[str, tuple[str, Params, str]] = {
    "number for text": ("DescribeModel", {"ModelName": 1}, "NUMBER_VALUE can not be converted to a String"),
    "fraction for text": ("DescribeModel", {"ModelName": 1.5}, "NUMBER_VALUE can not be converted to a String"),
    "true for text": ("DescribeModel", {"ModelName": True}, "TRUE_VALUE can not be converted to a String"),
    "false for text": ("DescribeModel", {"ModelName": False}, "FALSE_VALUE can not be converted to a String"),
    "list for text": ("DescribeModel", {"ModelName": ["m"]}, LIST),
    "map for text": ("DescribeModel", {"ModelName": {"a": "m"}}, MAP),
    "text for number": ("ListModels", {"MaxResults": "5"}, "STRING_VALUE can not be converted to an Integer"),
    "true for number": ("ListModels", {"MaxResults": True}, "TRUE_VALUE can not be converted to an Integer"),
    "list for number": ("ListModels", {"MaxResults": [5]}, LIST),
    "map for number": ("ListModels", {"MaxResults": {}}, MAP),
    "2^31 for number": ("ListModels", {"MaxResults": 2**31}, "NUMBER_VALUE can not be converted to an Integer"),
    "-2^40 for number": ("ListModels", {"MaxResults": -(2**40)}, "NUMBER_VALUE can not be converted to an Integer"),
    "1e300 for number": ("ListModels", {"MaxResults": 1e300}, "NUMBER_VALUE can not be converted to an Integer"),
    "text for boolean": (
        "CreateModel",
        model(EnableNetworkIsolation="true"),
        "STRING_VALUE can not be converted to a Boolean",
    ),
    "number for boolean": (
        "CreateModel",
        model(EnableNetworkIsolation=1),
        "NUMBER_VALUE can not be converted to a Boolean",
    ),
    "list for boolean": ("CreateModel", model(EnableNetworkIsolation=[]), LIST),
    "text for time": (
        "ListModels",
        {"CreationTimeAfter": "2023-11-14T00:00:00Z"},
        "STRING_VALUE can not be converted to a Timestamp",
    ),
    "true for time": ("ListModels", {"CreationTimeAfter": True}, "TRUE_VALUE can not be converted to a Timestamp"),
    "map for time": ("ListModels", {"CreationTimeAfter": {}}, MAP),
    "text for list": ("CreateModel", model(Tags="k=v"), "Expected list or null"),
    "number for list": ("CreateModel", model(Tags=1), "Expected list or null"),
    "true for list": ("CreateModel", model(Tags=True), "Expected list or null"),
    "map for list": ("CreateModel", model(Tags={"k": "v"}), MAP),
    "text for structure": ("CreateModel", model(PrimaryContainer=IMAGE), "Expected null"),
    "number for structure": ("CreateModel", model(PrimaryContainer=0), "Expected null"),
    "list for structure": ("CreateModel", model(PrimaryContainer=[CONTAINER]), LIST),
    "text for map": ("CreateModel", container(Environment="A=1"), "Expected null"),
    "list for map": ("CreateModel", container(Environment=[]), LIST),
    "text for structure in a list": ("CreateModel", model(Tags=["k"]), "Expected null"),
    "list for text in a list": ("DeleteTags", {"ResourceArn": f"{ARN}:model/model", "TagKeys": [["k"]]}, LIST),
    "number for text in a map": (
        "CreateModel",
        container(Environment={"A": 1}),
        "NUMBER_VALUE can not be converted to a String",
    ),
    "number for text deep inside": (
        "CreateModelPackage",
        package(InferenceSpecification={"Containers": [{"Image": 7}]}),
        "NUMBER_VALUE can not be converted to a String",
    ),
    "a type before a constraint": (
        "CreateModel",
        {"ModelName": "-", "EnableNetworkIsolation": "no"},
        "STRING_VALUE can not be converted to a Boolean",
    ),
    "a type before what is missing": ("CreateImage", {"Tags": "x"}, "Expected list or null"),
    "a type before what does not exist": ("DeleteModel", {"ModelName": ["missing"]}, LIST),
}


@pytest.mark.parametrize(("operation", "params", "message"), TYPES.values(), ids=TYPES.keys())
def test_json_of_the_wrong_type_is_refused_before_anything_else(
    refuses: Callable[..., None], operation: str, params: Params, message: str
) -> None:
    refuses(operation, params, "SerializationException", message)


# --- What fits the model, and yet cannot be ---------------------------------------------------------------------------

NO_PACKAGE = f"ModelPackage {ARN}:model-package/{{}} does not exist."
NO_GROUP = f"ModelPackageGroup {ARN}:model-package-group/nil does not exist."
NO_IMAGE = f"Image with ARN {ARN}:image/nil does not exist"
NO_VERSION = f"ImageVersion with ARN {ARN}:image-version/image/9 does not exist"
NO_MODEL = f'Could not find model "{ARN}:model/nil".'
HOSTNAMES = "Specify a ContainerHostname for every container or for none; in Direct mode for every one."
BAD_TOKEN = "The NextToken provided is invalid."  # noqa: S105 - not that kind of token
RESERVED = "System tags cannot be added or removed by requester: the key {} begins with aws:."
INVALID, NOT_FOUND, IN_USE, CONFLICT = "ValidationException", "ResourceNotFound", "ResourceInUse", "ConflictException"
ENVIRONMENT = {**SERVES, "Containers": [{**CONTAINER, "Environment": {"A": "1"}}]}
DATA_SOURCE = {"S3DataType": "S3Prefix", "S3Uri": "s3://b/k"}

IMPOSSIBLE: dict[str, tuple[str, Params, str, str]] = {
    # nothing there
    "no such model": ("DescribeModel", {"ModelName": "nil"}, INVALID, NO_MODEL),
    "no such model to delete": ("DeleteModel", {"ModelName": "nil"}, INVALID, NO_MODEL),
    "a model in another case": ("DescribeModel", {"ModelName": "MODEL"}, INVALID, NO_MODEL.replace("nil", "MODEL")),
    "no such group": ("DescribeModelPackageGroup", {"ModelPackageGroupName": "nil"}, INVALID, NO_GROUP),
    "no such group to delete": ("DeleteModelPackageGroup", {"ModelPackageGroupName": "nil"}, INVALID, NO_GROUP),
    "no such group for a package": ("CreateModelPackage", package(ModelPackageGroupName="nil"), INVALID, NO_GROUP),
    "no such group for a policy": (
        "PutModelPackageGroupPolicy",
        {"ModelPackageGroupName": "nil", "ResourcePolicy": "{}"},
        INVALID,
        f"Cannot find Model Package Group: {ARN}:model-package-group/nil",
    ),
    "no policy": (
        "GetModelPackageGroupPolicy",
        GROUP,
        INVALID,
        f"Cannot find resource policy for: {ARN}:model-package-group/group",
    ),
    "no policy to delete": (
        "DeleteModelPackageGroupPolicy",
        GROUP,
        INVALID,
        f"Cannot find resource policy for: {ARN}:model-package-group/group",
    ),
    "no such package": (
        "DescribeModelPackage",
        {"ModelPackageName": "nil"},
        INVALID,
        NO_PACKAGE.format("nil"),
    ),
    "no such version of a group": (
        "DescribeModelPackage",
        {"ModelPackageName": f"{ARN}:model-package/group/9"},
        INVALID,
        NO_PACKAGE.format("group/9"),
    ),
    "no such package to delete": (
        "DeleteModelPackage",
        {"ModelPackageName": "group/9"},
        INVALID,
        NO_PACKAGE.format("group/9"),
    ),
    "no such package to approve": (
        "UpdateModelPackage",
        {"ModelPackageArn": f"{ARN}:model-package/group/9", "ModelApprovalStatus": "Approved"},
        INVALID,
        NO_PACKAGE.format("group/9"),
    ),
    "no such package for a model": (
        "CreateModel",
        {"ModelName": "new", "PrimaryContainer": {"ModelPackageName": "nil"}},
        INVALID,
        NO_PACKAGE.format("nil"),
    ),
    "no such image": ("DescribeImage", {"ImageName": "nil"}, NOT_FOUND, NO_IMAGE),
    "no such image to update": ("UpdateImage", {"ImageName": "nil"}, NOT_FOUND, NO_IMAGE),
    "no such image to delete": ("DeleteImage", {"ImageName": "nil"}, NOT_FOUND, NO_IMAGE),
    "no such image for a version": ("CreateImageVersion", version(ImageName="nil"), NOT_FOUND, NO_IMAGE),
    "no such image to list versions of": ("ListImageVersions", {"ImageName": "nil"}, NOT_FOUND, NO_IMAGE),
    "no such image to list aliases of": ("ListAliases", {"ImageName": "nil"}, NOT_FOUND, NO_IMAGE),
    "no such version": ("DescribeImageVersion", {"ImageName": "image", "Version": 9}, NOT_FOUND, NO_VERSION),
    "no such version to update": ("UpdateImageVersion", {"ImageName": "image", "Version": 9}, NOT_FOUND, NO_VERSION),
    "no such version to delete": ("DeleteImageVersion", {"ImageName": "image", "Version": 9}, NOT_FOUND, NO_VERSION),
    "no version at all": (
        "DescribeImageVersion",
        {"ImageName": "empty"},
        NOT_FOUND,
        "Latest ImageVersion with ImageName empty does not exist. Please provide a valid ImageName.",
    ),
    "no such alias": (
        "DescribeImageVersion",
        {"ImageName": "image", "Alias": "nil"},
        NOT_FOUND,
        "ImageVersion with ImageName image and Alias nil does not exist. Please provide a valid Alias.",
    ),
    # already there
    "a model's name taken": (
        "CreateModel",
        model(ModelName="model"),
        INVALID,
        f'Cannot create already existing model "{ARN}:model/model".',
    ),
    "a group's name taken": (
        "CreateModelPackageGroup",
        GROUP,
        INVALID,
        f"Model Package Group already exists: {ARN}:model-package-group/group",
    ),
    "a package's name taken": (
        "CreateModelPackage",
        {"ModelPackageName": "alone", "InferenceSpecification": SERVES},
        INVALID,
        f"ModelPackage already exists: {ARN}:model-package/alone",
    ),
    "an image's name taken": (
        "CreateImage",
        {"ImageName": "image", "RoleArn": ROLE},
        IN_USE,
        "The Image with ImageName image already exists. Please use a different ImageName.",
    ),
    "a client token used otherwise": (
        "CreateModelPackage",
        package(ClientToken="used", ModelPackageDescription="another"),
        CONFLICT,
        "The client token used was already used with different parameters.",
    ),
    "a client token used otherwise, no conflict in the model": (
        "CreateImageVersion",
        version(ClientToken="used", Horovod=True),
        INVALID,
        "The client token used was already used with different parameters.",
    ),
    "a group that is not empty": (
        "DeleteModelPackageGroup",
        GROUP,
        CONFLICT,
        (
            f"Model Package Group {ARN}:model-package-group/group cannot be deleted because it still contains "
            "model packages."
        ),
    ),
    # containers
    "two places for containers": (
        "CreateModel",
        model(Containers=[CONTAINER]),
        INVALID,
        "Specify either PrimaryContainer or Containers, not both.",
    ),
    "no container": ("CreateModel", {"ModelName": "new"}, INVALID, "Specify PrimaryContainer or Containers."),
    "an empty list of containers": (
        "CreateModel",
        {"ModelName": "new", "Containers": []},
        INVALID,
        "Specify PrimaryContainer or Containers.",
    ),
    "a container without image": (
        "CreateModel",
        {"ModelName": "new", "Containers": [CONTAINER, {"Mode": "SingleModel"}]},
        INVALID,
        "A container must have an Image or a ModelPackageName.",
    ),
    "several models in a pipeline": (
        "CreateModel",
        {"ModelName": "new", "Containers": [{**CONTAINER, "Mode": "MultiModel"}] * 2},
        INVALID,
        "More than one container in MultiModel mode is not supported with inference pipeline.",
    ),
    "a name for one container of two": (
        "CreateModel",
        {"ModelName": "new", "Containers": [{**CONTAINER, "ContainerHostname": "a"}, CONTAINER]},
        INVALID,
        HOSTNAMES,
    ),
    "no names for direct calls": (
        "CreateModel",
        {"ModelName": "new", "Containers": [CONTAINER] * 2, "InferenceExecutionConfig": {"Mode": "Direct"}},
        INVALID,
        HOSTNAMES,
    ),
    "two containers of one name": (
        "CreateModel",
        {"ModelName": "new", "Containers": [{**CONTAINER, "ContainerHostname": "a"}] * 2},
        INVALID,
        "The ContainerHostnames of a model must be unique.",
    ),
    "memory that is no whole GB": (
        "CreateEndpointConfig",
        serverless(MemorySizeInMB=1025),
        INVALID,
        "MemorySizeInMB of variant v must be 1024, 2048, 3072, 4096, 5120 or 6144.",
    ),
    "more kept ready than allowed at once": (
        "CreateEndpointConfig",
        serverless(ProvisionedConcurrency=5),
        INVALID,
        "ProvisionedConcurrency of variant v must not be more than its MaxConcurrency.",
    ),
    "an environment said twice, by the side of another account's package": (
        "CreateModel",
        {
            "ModelName": "new",
            "Containers": [
                {"ModelPackageName": f"{ARN.replace('123456789012', '999999999999')}:model-package/g/1"},
                {"ModelPackageName": "group/2", "Environment": {"B": "2"}},
            ],
        },
        INVALID,
        "Environment variable map cannot be specified both at Model Package {A=1} and Model {B=2}.",
    ),
    "an environment said twice": (
        "CreateModel",
        {"ModelName": "new", "PrimaryContainer": {"ModelPackageName": "group/2", "Environment": {"B": "2", "C": ""}}},
        INVALID,
        "Environment variable map cannot be specified both at Model Package {A=1} and Model {B=2, C=}.",
    ),
    # packages
    "a package with two names": (
        "CreateModelPackage",
        package(ModelPackageName="new"),
        INVALID,
        "Both ModelPackageName and ModelPackageGroupName are provided in the input. Cannot determine which one to use.",
    ),
    "a package without a name": (
        "CreateModelPackage",
        {"InferenceSpecification": SERVES},
        INVALID,
        "Missing ARN.",
    ),
    "an environment without a group": (
        "CreateModelPackage",
        {"ModelPackageName": "new", "InferenceSpecification": ENVIRONMENT},
        INVALID,
        (
            "1 validation errors detected:Environment variable map cannot be specified when using non-versioned "
            "ModelPackages"
        ),
    ),
    "an environment without a group, later": (
        "UpdateModelPackage",
        {"ModelPackageArn": f"{ARN}:model-package/alone", "InferenceSpecification": ENVIRONMENT},
        INVALID,
        (
            "1 validation errors detected:Environment variable map cannot be specified when using non-versioned "
            "ModelPackages"
        ),
    ),
    "additional specifications of one name": (
        "CreateModelPackage",
        package(AdditionalInferenceSpecifications=[{"Name": "a", "Containers": [CONTAINER]}] * 2),
        INVALID,
        "The names of additional inference specifications must be unique.",
    ),
    "a policy that is no document": (
        "PutModelPackageGroupPolicy",
        {**GROUP, "ResourcePolicy": "[]"},
        INVALID,
        "The resource policy is no JSON policy document.",
    ),
    "the end of no version named": (
        "DeleteImageVersion",
        {"ImageName": "image"},
        INVALID,
        "Specify Version or Alias of the ImageVersion.",
    ),
    "a change of no version named": (
        "UpdateImageVersion",
        {"ImageName": "image", "ReleaseNotes": "x"},
        INVALID,
        "Specify Version or Alias of the ImageVersion.",
    ),
    "a package of another partition": (
        "DescribeModelPackage",
        {"ModelPackageName": f"{ARN.replace('arn:aws:', 'arn:aws-cn:')}:model-package/group/1"},
        INVALID,
        f"ModelPackage {ARN.replace('arn:aws:', 'arn:aws-cn:')}:model-package/group/1 does not exist.",
    ),
    "approval without a group": (
        "CreateModelPackage",
        {"ModelPackageName": "new", "InferenceSpecification": SERVES, "ModelApprovalStatus": "Approved"},
        INVALID,
        "ModelApprovalStatus is supported only for versioned ModelPackages.",
    ),
    "approval of a package without a group": (
        "UpdateModelPackage",
        {"ModelPackageArn": f"{ARN}:model-package/alone", "ModelApprovalStatus": "Approved"},
        INVALID,
        "ModelApprovalStatus is supported only for versioned ModelPackages.",
    ),
    "more data in an inference specification": (
        "CreateModelPackage",
        package(
            InferenceSpecification={
                "Containers": [{**CONTAINER, "AdditionalS3DataSource": {**DATA_SOURCE, "CompressionType": "None"}}]
            }
        ),
        INVALID,
        "AdditionalS3DataSource is not allowed in InferenceSpecification",
    ),
    # tags
    "tags on nothing": (
        "AddTags",
        {"ResourceArn": f"{ARN}:model/nil", "Tags": [TAG]},
        INVALID,
        "Resource does not exist",
    ),
    "tags of an ARN in another case": (
        "ListTags",
        {"ResourceArn": f"{ARN}:model/MODEL"},
        INVALID,
        "Resource does not exist",
    ),
    "tags of another account": (
        "ListTags",
        {"ResourceArn": f"arn:aws:sagemaker:{REGION}:999988887777:model/model"},
        INVALID,
        "Resource does not exist",
    ),
    "tags of another region": (
        "ListTags",
        {"ResourceArn": f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:model/model"},
        INVALID,
        "Resource does not exist",
    ),
    "tags of what has none": (
        "ListTags",
        {"ResourceArn": f"{ARN}:image-version/image/1"},
        INVALID,
        "Resource does not exist",
    ),
    "tags of no kind": ("ListTags", {"ResourceArn": f"{ARN}:nonsense"}, INVALID, "Resource does not exist"),
    "tags on a version": (
        "AddTags",
        {"ResourceArn": f"{ARN}:model-package/group/1", "Tags": [TAG]},
        INVALID,
        "Tag operations are supported only on ModelPackage Group not on ModelPackage Versions.",
    ),
    "a version created with tags": (
        "CreateModelPackage",
        package(Tags=[TAG]),
        INVALID,
        "Tag operations are supported only on ModelPackage Group not on ModelPackage Versions.",
    ),
    "the same key twice": (
        "AddTags",
        {"ResourceArn": f"{ARN}:model/model", "Tags": [TAG, {"Key": "k", "Value": "w"}]},
        INVALID,
        "Duplicate tag key found: k",
    ),
    "the same key twice at birth": ("CreateModel", model(Tags=[TAG, TAG]), INVALID, "Duplicate tag key found: k"),
    "a key of AWS's own": (
        "AddTags",
        {"ResourceArn": f"{ARN}:model/model", "Tags": [{"Key": "aws:x", "Value": ""}]},
        INVALID,
        RESERVED.format("aws:x"),
    ),
    "a key of AWS's own in another case": (
        "CreateImage",
        {"ImageName": "new", "RoleArn": ROLE, "Tags": [{"Key": "AWS:x", "Value": ""}]},
        INVALID,
        RESERVED.format("AWS:x"),
    ),
    "more than fifty tags in all": (
        "AddTags",
        {"ResourceArn": f"{ARN}:model/model", "Tags": [{"Key": f"new-{n}", "Value": ""} for n in range(50)]},
        INVALID,
        "The number of tags exceeds the limit of 50 tags per resource.",
    ),
    # page tokens
    "a token that is no base64": ("ListModels", {"NextToken": "%%%"}, INVALID, BAD_TOKEN),
    "a token beyond ASCII": ("ListModels", {"NextToken": "tökén"}, INVALID, BAD_TOKEN),
    "a token of base64 nonsense": ("ListModels", {"NextToken": "AAAA"}, INVALID, BAD_TOKEN),
    "a token of long nonsense": ("ListImages", {"NextToken": "QUJD" * 100}, INVALID, BAD_TOKEN),
    "a token of nonsense for tags": (
        "ListTags",
        {"ResourceArn": f"{ARN}:model/model", "NextToken": "x"},
        INVALID,
        BAD_TOKEN,
    ),
    "a token of nonsense for aliases": (
        "ListAliases",
        {"ImageName": "image", "NextToken": "x"},
        INVALID,
        BAD_TOKEN,
    ),
}


@pytest.mark.parametrize(("operation", "params", "code", "message"), IMPOSSIBLE.values(), ids=IMPOSSIBLE.keys())
def test_what_cannot_be_is_refused(
    refuses: Callable[..., None], operation: str, params: Params, code: str, message: str
) -> None:
    refuses(operation, params, code, message)


# --- Page tokens of other queries -------------------------------------------------------------------------------------


@pytest.fixture
def token(furnished: Wire) -> str:
    """The token of the second page of all models."""
    return str(furnished.done("ListModels", MaxResults=1)["NextToken"])


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("ListModels", {"SortBy": "Name"}),
        ("ListModels", {"SortOrder": "Ascending"}),
        ("ListModels", {"NameContains": "m"}),
        ("ListModels", {"CreationTimeAfter": 0}),
        ("ListImages", {}),
        ("ListModelPackageGroups", {}),
    ],
)
def test_a_token_is_good_for_its_own_query_only(
    refuses: Callable[..., None], token: str, operation: str, params: Params
) -> None:
    refuses(operation, {**params, "NextToken": token}, INVALID, BAD_TOKEN)


@pytest.mark.parametrize(
    "damage",
    [
        lambda token: token[:-4],
        lambda token: token[4:],
        lambda token: token[:10] + ("A" if token[10] != "A" else "B") + token[11:],
        lambda token: token[:30] + ("A" if token[30] != "A" else "B") + token[31:],
        lambda token: token + "AAAA",
        lambda token: token.swapcase(),
    ],
    ids=["cut at the end", "cut at the start", "its seal", "its content", "longer", "in another case"],
)
def test_a_damaged_token_is_refused(refuses: Callable[..., None], token: str, damage: Callable[[str], str]) -> None:
    refuses("ListModels", {"NextToken": damage(token)}, INVALID, BAD_TOKEN)


@pytest.mark.parametrize("place", [("999988887777", REGION), (ACCOUNT, "eu-west-1")])
def test_a_token_of_another_account_or_region_is_refused(furnished: Wire, token: str, place: tuple[str, str]) -> None:
    reply = furnished.call("ListModels", {"NextToken": token}, signed=place)
    assert (reply.status, reply.json) == (400, {"__type": INVALID, "message": BAD_TOKEN})


def test_a_token_may_be_used_twice_and_with_another_page_size(furnished: Wire, token: str) -> None:
    pages = [furnished.done("ListModels", NextToken=token, MaxResults=size)["Models"] for size in (1, 1, 100)]
    assert [[model["ModelName"] for model in page] for page in pages] == [["model"]] * 3


# --- Deeper than anyone means it --------------------------------------------------------------------------------------


def test_a_search_nested_beyond_all_measure_is_unreadable(emulator: Emulator) -> None:
    search = emulator.model.input("Search")
    asked: list[Params] = [{"Resource": "Model", "SearchExpression": {}} for _ in range(2)]
    for params, depth in zip(asked, (100, 450), strict=True):
        for _ in range(depth):
            params["SearchExpression"] = {"SubExpressions": [params["SearchExpression"]]}
    assert emulator.validator.accept(search, asked[0]) is asked[0]
    with pytest.raises(ServiceError) as refused:
        emulator.validator.accept(search, asked[1])
    assert (refused.value.code, refused.value.message) == ("SerializationException", None)


# --- What looks bad and is good ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation", "params", "same"),
    [
        pytest.param("ListModels", {"NextToken": ""}, {}, id="an empty token is the first page"),
        pytest.param("ListModels", {"NextToken": None, "MaxResults": None}, {}, id="null is absent"),
        pytest.param("ListModels", {"Nonsense": {"deep": [1]}}, {}, id="an unknown member is ignored"),
        pytest.param("ListModels", {"maxResults": 1}, {}, id="a member in another case is unknown"),
        pytest.param("ListModels", {"MaxResults": 1.5}, {"MaxResults": 1}, id="a fraction is cut off"),
        pytest.param("ListModels", {"MaxResults": 1.0}, {"MaxResults": 1}, id="1.0 is 1"),
        pytest.param("ListModels", {"MaxResults": 100.9}, {"MaxResults": 100}, id="100.9 is 100"),
        pytest.param("ListModels", {"CreationTimeAfter": 9.5}, {"CreationTimeAfter": 9}, id="a fraction is a time"),
        pytest.param("ListTags", {"ResourceArn": f"{ARN}:model/model", "NextToken": ""},
                     {"ResourceArn": f"{ARN}:model/model"}, id="an empty token of tags"),
        pytest.param("ListAliases", {"ImageName": "image", "NextToken": ""}, {"ImageName": "image"},
                     id="an empty token of aliases"),
    ],
)  # fmt: skip
def test_what_the_service_does_not_see_changes_nothing(
    furnished: Wire, operation: str, params: Params, same: Params
) -> None:
    assert _without_token(furnished.done(operation, **params)) == _without_token(furnished.done(operation, **same))


def test_nulls_and_unknown_members_are_not_kept(furnished: Wire) -> None:
    said = model(
        Nonsense=1,
        Tags=None,
        PrimaryContainer={"Image": IMAGE, "Mode": None, "Nonsense": 1, "Environment": None},
        VpcConfig=None,
    )
    assert furnished.call("CreateModel", said).status == 200
    described = furnished.done("DescribeModel", ModelName="new")
    assert described.keys() == {"ModelName", "ModelArn", "PrimaryContainer", "CreationTime", "EnableNetworkIsolation"}
    assert described["PrimaryContainer"] == {"Image": IMAGE, "Mode": "SingleModel", "Environment": {}}


def test_of_two_members_with_one_name_the_last_counts(furnished: Wire) -> None:
    reply = furnished.post("SageMaker.DescribeModel", b'{"ModelName":"nil","ModelName":"model"}')
    assert reply.json["ModelName"] == "model"


@pytest.mark.parametrize(
    ("description", "accepted"), [("🤖" * 256, True), ("🤖" * 256 + "a", False), ("ä" * 512, True), ("ä" * 513, False)]
)
def test_texts_are_measured_in_java_characters(furnished: Wire, description: str, accepted: bool) -> None:
    params = {"ImageName": "new", "RoleArn": ROLE, "Description": description}
    assert (furnished.call("CreateImage", params).status == 200) is accepted


# --- Patterns ---------------------------------------------------------------------------------------------------------

ANY_BMP = r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\t]*"
LABEL = r"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)"
FOREIGN: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    # shape: its pattern, what it takes, what it refuses
    "AthenaCatalog": (ANY_BMP, ("", "a\tb", "é", "🤖"), ("a\nb", "\x00", "\ufffe")),
    "Catalog": (ANY_BMP, ("AwsDataCatalog", "模型"), ("\r",)),
    "Database": (ANY_BMP, ("default", "\U0010ffff"), ("\x1f",)),
    "TableName": (ANY_BMP, ("t", "🤖🤖"), ("\ud800", "\x7f\x00")),
    "CognitoUserGroup": (r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+", ("group-1", "+é"), ("", "a b", "\t")),
    "Group": (r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+", ("g", "🤖"), (" ", "\n")),
    "CustomerMetadataKey": (METADATA_KEY, ("a b", "ключ", "a/b:c"), ("a!", "a\n", "🤖")),
    "CustomerMetadataValue": (METADATA_KEY.replace("128", "256"), ("v", "1_2"), ("#", "a\tb")),
    "EntityDescription": (r"[\p{L}\p{M}\p{Z}\p{S}\p{N}\p{P}]*", ("", "Größe: 5 🤖", "“”"), ("a\nb", "\x07", "\ud800")),
    "ParameterName": (r"[\p{L}\p{M}\p{Z}\p{S}\p{N}\p{P}]*", ("p q", "e\u0301"), ("\t",)),
    "FeatureParameterKey": (r"([\p{L}\p{Z}\p{N}_.:/=+\-]*)", ("a=b", "٣"), ("a@b", "a\n")),
    "FeatureParameterValue": (r"([\p{L}\p{Z}\p{N}_.:/=+\-]*)", ("", "a-b"), ("@", "\\")),
    "ModelPackageSourceUri": (r"[\p{L}\p{M}\p{Z}\p{N}\p{P}]{0,1024}", ("s3://b/k", "a" * 1024), ("a+b", "a" * 1025)),
    "TagKey": (LABEL, ("a b", "é@ü", "½"), ("#", "a\n", "🤖")),
    "TagValue": (LABEL, ("", "a\u00a0b", "\u2028"), ("\t", "<")),
    "TrainingRepositoryCredentialsProviderArn": (
        r"arn:[\p{Alnum}\-]+:lambda:[\p{Alnum}\-]+:[0-9]{12}:function:.*",
        ("arn:aws-cn:lambda:cn-north-1:123456789012:function:f",),
        ("arn:aws:lambda:é:123456789012:function:f", "arn:aws:lambda:r:123456789012:function:f\n"),
    ),
    "VisibilityConditionsKey": (LABEL, ("k",), ("!",)),
    "VisibilityConditionsValue": (LABEL, ("v 1",), ("a;b",)),
}


def test_the_patterns_that_python_refuses_are_the_known_ones(emulator: Emulator) -> None:
    refused = {}
    for shape in emulator.model.shapes():
        if shape.pattern is not None:
            try:
                re.compile(shape.pattern)
            except re.error:
                refused[shape.name] = shape.pattern
    assert refused == {name: text for name, (text, _, _) in FOREIGN.items()}


@pytest.mark.parametrize("shape", FOREIGN)
def test_a_pattern_that_python_refuses_means_what_it_means_in_java(emulator: Emulator, shape: str) -> None:
    _, good, bad = FOREIGN[shape]
    fullmatch = java.compile(str(emulator.model.shape(shape).pattern)).fullmatch
    assert [text for text in good if not fullmatch(text)] == []
    assert [text for text in bad if fullmatch(text)] == []


def test_every_pattern_of_the_model_compiles_and_takes_no_control_character_unless_it_takes_nearly_all(
    emulator: Emulator,
) -> None:
    patterns = {shape.pattern for shape in emulator.model.shapes() if shape.pattern is not None}
    assert len(patterns) > 200
    taken = {text for text in patterns if java.compile(text).fullmatch("\x00")}
    assert [text for text in taken if not re.search(r"\.|\\S|\[\^", text)] == []


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        (r".*", "a\nb", False),
        (r".*", "a\rb", False),
        (r".*", "a\u2028b", False),
        (r".*", "a\x0bb", True),
        (r"\w+", "é", False),
        (r"\d+", "٣", False),
        (r"[\S]+", "\u00a0", True),
        (r"[^/]+", "a\nb", True),
        (r"a$", "a\n", False),
        (r"[[a]+", "[a", True),
    ],
)
def test_the_dialects_differ_where_they_should(pattern: str, text: str, matches: bool) -> None:
    assert bool(java.compile(pattern).fullmatch(text)) is matches


# --- What the tests stand on ------------------------------------------------------------------------------------------


@pytest.fixture
def furnished(wire: Wire) -> Wire:
    """A server with something of everything, all at rest."""
    wire.done("CreateModel", ModelName="model", PrimaryContainer=CONTAINER, Tags=[{"Key": "old", "Value": ""}])
    wire.done("CreateModel", ModelName="model-2", PrimaryContainer=CONTAINER)
    wire.done("CreateModelPackageGroup", **GROUP)
    wire.done("CreateModelPackage", **package(ClientToken="used"))
    wire.done("CreateModelPackage", **package(InferenceSpecification=ENVIRONMENT))
    wire.done("CreateModelPackage", ModelPackageName="alone", InferenceSpecification=SERVES)
    wire.done("CreateImage", ImageName="image", RoleArn=ROLE)
    wire.done("CreateImage", ImageName="empty", RoleArn=ROLE)
    wire.done("CreateImageVersion", **version(ClientToken="used", Aliases=["latest"]))
    for operation in ("ListModelPackageGroups", "ListModelPackages", "ListImages"):
        wire.done(operation)
    wire.done("ListModelPackages", **GROUP)
    wire.done("ListImageVersions", ImageName="image")
    return wire


@pytest.fixture
def refuses(furnished: Wire, kept: Callable[[], dict[Any, Any]]) -> Callable[..., None]:
    """Return a function that makes a call and holds that it is refused in these words and has changed nothing."""

    def check(operation: str, params: Params, code: str, message: str) -> None:
        before = kept()
        reply = furnished.post(f"SageMaker.{operation}", json.dumps(params).encode())
        key = "message" if code in (INVALID, "SerializationException") else "Message"
        assert reply.json == {"__type": code, key: message}
        assert reply.status == 400
        assert kept() == before

    return check


def _without_token(answer: Params) -> Params:
    return {name: value for name, value in answer.items() if name != "NextToken"}
