"""Every sentence a client can read, each once, with where it comes from and how sure it is.

Confidence: A seen from AWS itself, B written by people who match on it, C one indirect witness or an analogy,
D the emulator's own words, for what AWS says there is not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Sentence:
    """A text with blanks, how sure it is, and its source."""

    text: str
    confidence: str
    source: str

    def __call__(self, **words: Any) -> str:
        """Return the text with its blanks filled."""
        return self.text.format(**words)


class ServiceError(Exception):
    """What a client is answered instead of an output: a code, mostly a message, an HTTP status."""

    def __init__(self, code: str, message: str | None = None, status: int = 400) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.status = status


@dataclass(frozen=True)
class Refusal:
    """A reason to refuse a call: the code and the sentence; its words are filled in when it happens."""

    code: str
    sentence: Sentence

    def error(self, **words: Any) -> ServiceError:
        """Return the error to raise."""
        return ServiceError(self.code, self.sentence(**words))


VALIDATION = "ValidationException"
NOT_FOUND = "ResourceNotFound"
IN_USE = "ResourceInUse"
CONFLICT = "ConflictException"
ALREADY_EXISTS = "ResourceAlreadyExists"
LIMIT = "ResourceLimitExceeded"

# --- The front of the service -----------------------------------------------------------------------------------------

UNKNOWN_OPERATION = ServiceError("UnknownOperationException")  # measured on Athena, which has the same front (C)
UNREADABLE = ServiceError("SerializationException")  # likewise: not JSON at all, no message
NOT_EMULATED = Sentence(
    "{operation} is an operation of SageMaker that this emulator does not answer yet. "
    "GET /_emulator/coverage, or `sagemaker-emulator coverage`, lists those that it does.",
    "D",
    "the emulator's own",
)
TOO_LARGE = Sentence("Request size exceeded {limit} bytes", "D", "the emulator's own")
INTERNAL = Sentence("The emulator failed on this call; its log says how. Request {request}", "D", "the emulator's own")


def serialization(message: str) -> ServiceError:
    """Return the answer to JSON of the wrong type."""
    return ServiceError("SerializationException", message)


CANNOT_CONVERT = Sentence("{found}_VALUE can not be converted to {wanted}", "C", "Athena, the same front")
LIST_UNEXPECTED = Sentence("Start of list found where not expected", "C", "Athena, the same front")
MAP_UNEXPECTED = Sentence("Start of structure or map found where not expected.", "C", "Athena, the same front")
LIST_EXPECTED = Sentence("Expected list or null", "C", "Athena, the same front")
NULL_EXPECTED = Sentence("Expected null", "C", "Athena, the same front")

# --- Constraints (aws/validation.py) ----------------------------------------------------------------------------------

FAULTS = Sentence(
    "{count} validation error{plural} detected: {faults}", "A", "sagemaker-ml-workflow-with-apache-airflow#3"
)
FAULT = Sentence("Value '{value}' at '{path}' failed to satisfy constraint: {constraint}", "A", "the same")
FAULT_OF_NULL = Sentence("Value null at '{path}' failed to satisfy constraint: {constraint}", "B", "Athena")
FAULT_OF_SECRET = Sentence("Value at '{path}' failed to satisfy constraint: {constraint}", "C", "CodePipeline")
NOT_NULL = Sentence("Member must not be null", "B", "Athena")
MAX_LENGTH = Sentence("Member must have length less than or equal to {bound}", "A", "zenml#1517")
MIN_LENGTH = Sentence("Member must have length greater than or equal to {bound}", "B", "DynamoDB, Athena")
MAX_VALUE = Sentence("Member must have value less than or equal to {bound}", "C", "moto, public records")
MIN_VALUE = Sentence("Member must have value greater than or equal to {bound}", "C", "moto, public records")
PATTERN = Sentence("Member must satisfy regular expression pattern: {pattern}", "A", "amazon-sagemaker-examples#4843")
ENUM = Sentence("Member must satisfy enum value set: [{values}]", "A", "aws-sagemaker-heart-disease-prediction#1")
MAP_KEY = Sentence("Map keys must satisfy constraint: [{constraints}]", "B", "CodePipeline")
MAP_VALUE = Sentence("Map value must satisfy constraint: [{constraints}]", "B", "CodePipeline")
ONE_OF_UNION = Sentence("Exactly one member of the union must be set", "D", "the emulator's own")

# --- Resources that are not there -------------------------------------------------------------------------------------

COULD_NOT_FIND = Sentence('Could not find {noun} "{arn}".', "A", "Cloud Custodian (model), op-k8s (endpoint)")
ARN_DOES_NOT_EXIST = Sentence("{title} {arn} does not exist.", "A", "public records (package), ACK, CFN (group)")
WITH_ARN_DOES_NOT_EXIST = Sentence("{title} with ARN {arn} does not exist", "A", "boto/botocore#3782 (image)")
LATEST_DOES_NOT_EXIST = Sentence(
    "Latest {title} with {parent_key} {parent_name} does not exist. Please provide a valid {parent_key}.",
    "A",
    "sagemaker-studio-custom-image-samples#17",
)
ALIAS_DOES_NOT_EXIST = Sentence(
    "{title} with {parent_key} {parent_name} and Alias {alias} does not exist. Please provide a valid Alias.",
    "D",
    "after the sentence for the latest version",
)
CANNOT_FIND = Sentence("Cannot find {words}: {arn}", "B", "CFN handlers, Terraform (model package group)")
CANNOT_FIND_POLICY = Sentence("Cannot find resource policy for: {arn}", "B", "CFN handlers, Terraform")
NAME_DOES_NOT_EXIST = Sentence(
    "{title} with name {name} does not exist.", "D", "what a kind says that declares nothing"
)
NOT_IDENTIFIED = Sentence("Specify {member} to identify the {title}.", "D", "the emulator's own")
RESOURCE_DOES_NOT_EXIST = Sentence("Resource does not exist", "A", "boto/boto3#4606")

# --- Resources that are there already ---------------------------------------------------------------------------------

CANNOT_CREATE_EXISTING = Sentence(
    'Cannot create already existing {noun} "{arn}".', "A", "astronomer-providers#1055, amazon-sagemaker-examples#2491"
)
ALREADY_EXISTS_AT = Sentence("{words} already exists: {arn}", "B", "CFN handlers (Model Package Group)")
TITLE_ALREADY_EXISTS_AT = Sentence("{title} already exists: {arn}", "C", "the SDK matches its beginning")
NAME_TAKEN = Sentence(
    "The {title} with {key_member} {name} already exists. Please use a different {key_member}.",
    "A",
    "sagemaker-studio-custom-image-samples#17 (Image)",
)

# --- Calls that a resource's state or relations refuse ----------------------------------------------------------------

INVALID_STATE = Sentence(
    "{title} {name} is in an invalid state.", "A", "sagemaker-studio-custom-image-samples#17 (Image)"
)
BEING_DELETED = Sentence("{title} ({name}) is being deleted", "A", "terraform-provider-aws#44693 (ImageVersion)")
CANNOT_DO_IN_STATUS = Sentence("Cannot {verb} {title} in {status} status", "B", "Terraform (Algorithm, Project)")
HAS_CHILDREN = Sentence(
    "{words} {arn} cannot be deleted because it still contains {children}.", "D", "only the code is known"
)
TOKEN_REUSED = Sentence(
    "The client token {token} was already used with different parameters.", "D", "the emulator's own"
)
BAD_NEXT_TOKEN = Sentence("The NextToken provided is invalid.", "D", "the emulator's own")

# --- Tags -------------------------------------------------------------------------------------------------------------

VERSIONS_TAKE_NO_TAGS = Sentence(
    "Tag operations are supported only on {parent} not on {title} Versions.", "B", "CFN handlers (ModelPackage)"
)
TOO_MANY_TAGS = Sentence(
    "The number of tags exceeds the limit of {limit} tags per resource.", "D", "the emulator's own"
)
RESERVED_TAG_KEY = Sentence(
    "System tags cannot be added or removed by requester: the key {key} begins with aws:.", "D", "the emulator's own"
)
TWICE_TAG_KEY = Sentence("Duplicate tag key found: {key}", "D", "the emulator's own")

# --- Models and model packages ----------------------------------------------------------------------------------------

BOTH_CONTAINERS = Sentence("Specify either PrimaryContainer or Containers, not both.", "D", "the emulator's own")
NO_CONTAINER = Sentence("Specify PrimaryContainer or Containers.", "D", "the emulator's own")
NO_IMAGE = Sentence("A container must have an Image or a ModelPackageName.", "D", "the emulator's own")
MULTI_MODEL_IN_PIPELINE = Sentence(
    "More than one container in MultiModel mode is not supported with inference pipeline.",
    "A",
    "sagemaker-autopilot-step-functions#10",
)
ENVIRONMENT_TWICE = Sentence(
    "Environment variable map cannot be specified both at Model Package {package} and Model {model}.",
    "A",
    "sagemaker-python-sdk#3301",
)
ENVIRONMENT_OF_UNVERSIONED = Sentence(
    "1 validation errors detected:Environment variable map cannot be specified when using non-versioned ModelPackages",
    "A",
    "public records",
)
ADDITIONAL_DATA_IN_SPECIFICATION = Sentence(
    "AdditionalS3DataSource is not allowed in InferenceSpecification", "A", "boto/boto3#4510"
)
BOTH_PACKAGE_NAMES = Sentence(
    "Both ModelPackageName and ModelPackageGroupName are provided in the input. Cannot determine which one to use.",
    "B",
    "getmoto/moto#7165",
)
MISSING_ARN = Sentence("Missing ARN.", "B", "getmoto/moto#7165")
APPROVAL_OF_UNVERSIONED = Sentence(
    "ModelApprovalStatus is supported only for versioned ModelPackages.",
    "D",
    "the rule: developer guide",
)


def java_map(value: Mapping[str, str]) -> str:
    """Return a map as Java prints it."""
    return "{" + ", ".join(f"{key}={inner}" for key, inner in value.items()) + "}"
