"""Every sentence a client can read, each once, with where it comes from and how sure it is.

Confidence: A seen from AWS itself, B written by people who match on it, C one indirect witness or an analogy,
D the emulator's own words, for what AWS says there is not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Sentence(NamedTuple):
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


class DroppedError(Exception):
    """The connection of a call is closed without an answer."""


class Refusal(NamedTuple):
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
NOT_WRITTEN = Sentence(
    "What the call changes cannot be written down, and so it has changed nothing: {reason}.", "D", "the emulator's own"
)


def serialization(message: str) -> ServiceError:
    """Return the answer to JSON of the wrong type."""
    return ServiceError("SerializationException", message)


CANNOT_CONVERT = Sentence("{found}_VALUE can not be converted to {wanted}", "C", "Athena, the same front")
LIST_UNEXPECTED = Sentence("Start of list found where not expected", "C", "Athena, the same front")
MAP_UNEXPECTED = Sentence("Start of structure or map found where not expected.", "C", "Athena, the same front")
LIST_EXPECTED = Sentence("Expected list or null", "C", "Athena, the same front")
NULL_EXPECTED = Sentence("Expected null", "C", "Athena, the same front")

# The Query protocol's front (aws/query.py).
NO_ACTION = Sentence("Missing Action", "C", "common errors of AWS's Query services")
INVALID_ACTION = Sentence("Could not find operation {action} for version {version}", "B", "SNS, SQS, the same front")
NOT_ANSWERED = Sentence(
    "{operation} is an operation of {service} that this emulator does not answer.", "D", "the emulator's own"
)
MALFORMED_FORM = Sentence("Unexpected value or structure at {path}", "D", "the emulator's own")

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
    "Tag operations are supported only on {title} Group not on {title} Versions.", "C", "CFN handlers (ModelPackage)"
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
HOSTNAME_MISSING = Sentence(
    "Specify a ContainerHostname for every container or for none; in Direct mode for every one.",
    "D",
    "the rule: botocore's documentation and the developer guide",
)
HOSTNAME_TWICE = Sentence("The ContainerHostnames of a model must be unique.", "D", "the rule: the developer guide")
SERVERLESS_MEMORY = Sentence(
    "MemorySizeInMB of variant {variant} must be 1024, 2048, 3072, 4096, 5120 or 6144.",
    "D",
    "the rule: botocore's documentation",
)
SERVERLESS_CONCURRENCY = Sentence(
    "ProvisionedConcurrency of variant {variant} must not be more than its MaxConcurrency.",
    "D",
    "the rule: botocore's documentation",
)
SPECIFICATION_TWICE = Sentence(
    "The names of additional inference specifications must be unique.", "D", "the rule: botocore's documentation"
)
NO_VERSION_NAMED = Sentence("Specify {number} or {alias} of the {title}.", "D", "the emulator's own")
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


# What only IAM and S3 know, where they are in use (sagemaker/rules/neighbours.py).
ROLE_INVALID = Sentence(
    'The execution role ARN "{role}" is invalid. Please ensure that the role exists and that its trust relationship '
    'policy allows the action "sts:AssumeRole" for the service principal "sagemaker.amazonaws.com".',
    "A",
    "public record (CreateModel); other kinds than models and jobs by analogy",
)
ROLE_OF_JOB = Sentence(
    "Could not assume role {role}. Please ensure that the role exists and allows principal 'sagemaker.amazonaws.com' "
    "to assume the role.",
    "A",
    "awslabs/predictive-maintenance-using-machine-learning#3",
)
ROLE_OF_FEATURE_GROUP = Sentence("The execution role ARN is invalid.", "B", "Terraform (its beginning)")
NO_MODEL_DATA = Sentence("Could not find model data at {url}.", "A", "aws-ia/ecs-blueprints#223")
NO_ACCESS_TO_MODEL_DATA = Sentence(
    'Could not access model data at {url}. Please ensure that the role "{role}" exists and that its trust relationship '
    'policy allows the action "sts:AssumeRole" for the service principal "sagemaker.amazonaws.com". Also ensure that '
    'the role has "s3:GetObject" permissions and that the object is located in {region}. If your Model uses multiple '
    'models or uncompressed models, please ensure that the role has "s3:ListBucket" permission.',
    "A",
    "philschmid/llm-sagemaker-sample#2; that a missing bucket is told so: an analogy",
)

# --- Pipelines --------------------------------------------------------------------------------------------------------

PIPELINE_NAME_TAKEN = Sentence(
    "Pipeline names must be unique within an AWS account and region. Pipeline with name ({name}) already exists.",
    "A",
    "moto, public records; the second sentence is C since 2026",
)
PIPELINE_DOES_NOT_EXIST = Sentence("Pipeline '{arn}' does not exist.", "B", "ACK (its end)")
PIPELINE_VERSION_DOES_NOT_EXIST = Sentence(
    "Pipeline version {version} of pipeline '{arn}' does not exist.", "D", "the emulator's own"
)
PIPELINE_ALIAS_DOES_NOT_EXIST = Sentence(
    "Pipeline version with alias {alias} of pipeline '{arn}' does not exist.", "D", "only the code is documented"
)
PIPELINE_EXECUTION_DOES_NOT_EXIST = Sentence("Pipeline execution '{arn}' does not exist", "C", "ACK (its end)")
NO_PIPELINE_DEFINITION = Sentence(
    "Either Pipeline Definition or Pipeline Definition S3 location should be provided", "B", "moto"
)
BOTH_PIPELINE_DEFINITIONS = Sentence(
    "Both Pipeline Definition and Pipeline Definition S3 Location shouldn't be present", "B", "moto"
)
NO_S3 = Sentence(
    "Nothing is in S3 here, so s3://{bucket}/{key} cannot be read: send its content as PipelineDefinition.",
    "D",
    "the emulator's own",
)
NOT_IN_S3 = Sentence("There is no object s3://{bucket}/{key}.", "D", "the emulator's own")
BOTH_PIPELINE_VERSIONS = Sentence(
    "PipelineVersionId and PipelineVersionAlias can't both be specified.", "D", "the rule: botocore's documentation"
)
PIPELINE_ALIAS_TAKEN = Sentence(
    "The alias {alias} is assigned to version {version} of the pipeline; remove it from that version first.",
    "D",
    "the rule: botocore's documentation",
)
PIPELINE_ALIAS_IS_NUMBER = Sentence(
    "The alias {alias} can't consist of numbers only.", "D", "the rule: botocore's documentation"
)
PIPELINE_ALIAS_TWICE = Sentence(
    "The alias {alias} can't be both added and removed.", "D", "the rule: botocore's documentation"
)
TOO_MANY_PIPELINE_ALIASES = Sentence(
    "A pipeline version can have up to {limit} aliases.", "D", "the rule: botocore's documentation"
)
ALIASES_WITHOUT_NEW_VERSION = Sentence(
    "PipelineVersionAliases can be specified only when the update changes the pipeline definition.",
    "D",
    "the rule: botocore's documentation",
)
PIPELINE_IS_RUNNING = Sentence(
    "Pipeline '{arn}' has running executions: {executions}. Stop them first.", "D", "the rule: botocore's documentation"
)
PIPELINE_BEING_DELETED = Sentence("Pipeline '{arn}' is being deleted.", "D", "the emulator's own")
ROLE_OF_CUSTOMER_PIPELINE = Sentence(
    "RoleArn can't be specified for a pipeline that you create: its executions use the pipeline's role.",
    "D",
    "the rule: botocore's documentation",
)

UNABLE_TO_PARSE_PIPELINE = Sentence("Unable to parse pipeline definition. {detail}", "A", "sagemaker-python-sdk#2345")
NOT_JSON = Sentence("Invalid Json.", "D", "the emulator's own")
OBJECT_EXPECTED = Sentence("Expecting start of Json Object.", "A", "sagemaker-python-sdk#3908")
ARRAY_EXPECTED = Sentence("Expecting start of Json Array.", "A", "sagemaker-python-sdk#2345")
UNKNOWN_ARGUMENT = Sentence("Unknown Argument member '{member}'.", "A", "sagemaker-python-sdk#3472")
DEPENDS_ON_FAIL = Sentence("{step} can not depends on {name}", "B", "the SDK's integration tests match on it")
UNKNOWN_PIPELINE_VERSION = Sentence("Version '{version}' is not supported: 2020-12-01.", "D", "the emulator's own")
MEMBER_MISSING = Sentence("Member '{member}' of '{holder}' must not be null.", "D", "the emulator's own")
BAD_STEP_NAME = Sentence("Step name '{name}' must be 1 to 64 of A-Z a-z 0-9 - _.", "D", "the pattern: the JSON schema")
STEP_NAME_TWICE = Sentence("Step names must be unique: '{name}' is used more than once.", "D", "the emulator's own")
UNKNOWN_STEP_TYPE = Sentence("Unknown type '{type}' of step '{name}'.", "D", "the emulator's own")
UNKNOWN_CONDITION_TYPE = Sentence("Unknown condition type '{type}' in step '{name}'.", "D", "the emulator's own")
UNKNOWN_PARAMETER_TYPE = Sentence("Unknown type '{type}' of parameter '{name}'.", "D", "the emulator's own")
PARAMETER_DEFAULT_OF_WRONG_TYPE = Sentence(
    "The values of parameter '{name}' must be of type {type}.", "D", "the emulator's own"
)
PARAMETER_DEFAULT_NOT_ALLOWED = Sentence(
    "The default value of parameter '{name}' is not among its enum values.", "D", "the emulator's own"
)
UNKNOWN_STEP = Sentence("Step '{step}' depends on '{name}', which is no step.", "D", "the emulator's own")
UNKNOWN_REFERENCE = Sentence("Reference '{reference}' leads to nothing.", "D", "the emulator's own")
STEPS_IN_A_CIRCLE = Sentence("Steps depend on each other in a circle: {steps}.", "D", "the emulator's own")

UNKNOWN_PARAMETERS = Sentence(
    "Pipeline parameters [{names}] are not defined in the pipeline definition.", "D", "the emulator's own"
)
EMPTY_PARAMETER = Sentence(
    '[string "" is too short (length: 0, required minimum: 1)]', "A", "sagemaker-python-sdk#4016"
)
MISSING_PARAMETERS = Sentence(
    "Pipeline parameters [{names}] have no default value and were not provided.", "D", "the emulator's own"
)
PARAMETER_OF_WRONG_TYPE = Sentence(
    "Value '{value}' of pipeline parameter '{name}' is not of type {type}.", "D", "the emulator's own"
)
PARAMETER_NOT_ALLOWED = Sentence(
    "Value '{value}' of pipeline parameter '{name}' is not in its enum values [{allowed}].", "D", "the emulator's own"
)
UNKNOWN_SELECTED_STEPS = Sentence(
    "The selected steps [{names}] are not in the pipeline definition.", "D", "the emulator's own"
)
NO_SOURCE_EXECUTION = Sentence(
    "Invalid SourcePipelineExecutionArn: {source}. The selected steps [{selected}] have dependencies on [{needed}]",
    "A",
    "sagemaker-python-sdk#4444",
)
SOURCE_EXECUTION_OF_ANOTHER = Sentence(
    "Invalid SourcePipelineExecutionArn: {source}. It is not an execution of this pipeline.", "D", "the emulator's own"
)
SOURCE_EXECUTION_NOT_ENDED = Sentence(
    "Invalid SourcePipelineExecutionArn: {source}. Its status is {status}, not Failed or Succeeded.",
    "D",
    "the rule: botocore's documentation",
)

STEPS_FAILED = Sentence("Step failure: One or multiple steps failed.", "A", "public records, the SDK's tests")
FAILED_TO_INVOKE = Sentence(
    "ClientError: Failed to invoke sagemaker:{operation}. Error Details: {details}", "A", "public records"
)
RETRY_NOT_APPROPRIATE = Sentence(
    "Retry not appropriate on execution of step with PipelineExecutionArn {arn} and StepId {step}. "
    "No retry policy configured for the exception type {exception}.",
    "A",
    "public records",
)
NOTHING_AT_REFERENCE = Sentence(
    "ClientError: A reference leads to nothing: {key}.", "D", "the emulator's own; also for what only S3 would tell"
)
NOTHING_IN_FILE = Sentence(
    "ClientError: There is no S3 here to read {key} from: put its value on the pipeline as the tag {tag}.",
    "D",
    "the emulator's own",
)
CANNOT_COMPARE = Sentence("ClientError: The condition compares values of different types.", "D", "the emulator's own")
UNKNOWN_CALLBACK_TOKEN = Sentence("Callback token {token} does not exist.", "D", "the emulator's own")

# --- Jobs -------------------------------------------------------------------------------------------------------------

REQUESTED_RESOURCE_NOT_FOUND = Sentence(
    "Requested resource not found.", "A", "amazon-sagemaker-examples#2360, boto3#2808 (training job)"
)
COULD_NOT_FIND_JOB = Sentence(
    "Could not find requested job with name: {name}", "B", "op-k8s, ACK (processing job, transform job)"
)
CANNOT_FIND_TUNING_JOB = Sentence(
    "Amazon SageMaker can't find a tuning job with the name {name}", "B", "op-k8s and ACK match its beginning"
)
CANNOT_FIND_AUTOML_JOB = Sentence(
    "Amazon SageMaker can't find an AutoML job called {name}.", "A", "amazon-sagemaker-examples#2244"
)
TRAINING_JOB_NAME_TAKEN = Sentence(
    "Training job names must be unique within an AWS account and region, "
    "and a training job with this name already exists ({arn})",
    "A",
    "SuperCowPowers/workbench#384, amazon-sagemaker-examples#3108",
)
JOB_NAME_TAKEN = Sentence(
    "Job name must be unique within an AWS account and region, and a job with this name already exists ({arn})",
    "C",
    "the same family (processing job); after it all others",
)
REJECTED_IN_STATUS = Sentence(
    "The request was rejected because the {noun} is in status {status}.",
    "A",
    "awslabs/benchmark-ai#928 (StopTrainingJob); after it all other jobs",
)
NOT_TERMINAL = Sentence(
    "The request was rejected because the {noun} {name} is not in a terminal state: it is {status}.",
    "C",
    "Terraform matches on `not in a terminal state` (DeleteHyperParameterTuningJob)",
)
ALREADY_TERMINAL = Sentence(
    "The request was rejected because the {noun} {name} is already {status}.",
    "C",
    "Terraform matches on `already` (StopHyperParameterTuningJob)",
)
WARM_POOL_AVAILABLE = Sentence(
    "The request was rejected because the training job {name} retains an Available warm pool.",
    "D",
    "the rule: API reference (DeleteTrainingJob)",
)
NO_WARM_POOL = Sentence(
    "KeepAlivePeriodInSeconds cannot be updated, because the training job {name} has no warm pool that can be kept.",
    "D",
    "the rule: developer guide (warm pools)",
)
NO_PROFILING_ANY_MORE = Sentence(
    "The profiler configuration of the training job {name} cannot be updated in status {status}.",
    "D",
    "the rule: API reference (UpdateTrainingJob)",
)
ALGORITHM_OR_IMAGE = Sentence(
    "Specify either TrainingImage or AlgorithmName in AlgorithmSpecification, not both.",
    "D",
    "the rule: API reference (AlgorithmSpecification)",
)
NO_MAX_WAIT_TIME = Sentence(
    "MaxWaitTimeInSeconds is required when managed spot training is enabled, and must not be less than "
    "MaxRuntimeInSeconds.",
    "D",
    "the rule: API reference (StoppingCondition)",
)
ONE_TRAINING_DEFINITION = Sentence(
    "Specify either TrainingJobDefinition or TrainingJobDefinitions.",
    "D",
    "the rule: API reference (CreateHyperParameterTuningJob)",
)
ALL_TRAINING_FAILED = Sentence(
    "All training jobs failed. Please take a look at the training jobs failures to get more details.",
    "A",
    "Cloud Custodian (a tuning job's FailureReason)",
)
BAD_PARAMETER_RANGE = Sentence(
    "The range of the hyperparameter {parameter} is invalid: MinValue {low} is greater than MaxValue {high}.",
    "D",
    "the emulator's own",
)
CREATED_WITH_V2 = Sentence(
    "The AutoML job {name} was created with CreateAutoMLJobV2. Use DescribeAutoMLJobV2 to describe it.",
    "D",
    "the rule: API reference (DescribeAutoMLJob)",
)
ENDPOINT_NAME_TWICE = Sentence(
    "Specify EndpointName in ModelDeployConfig if and only if AutoGenerateEndpointName is false.",
    "D",
    "the rule: API reference (ModelDeployConfig)",
)
CONFIG_IN_USE = Sentence(
    "The AI workload configuration {name} is in use by the AI benchmark job {job}.",
    "D",
    "the rule: API reference (DeleteAIWorkloadConfig)",
)
NO_MODEL_TO_COMPILE = Sentence(
    "Specify either InputConfig or ModelPackageVersionArn.", "D", "the rule: API reference (CreateCompilationJob)"
)
ONE_COMPILATION_TARGET = Sentence(
    "Specify either TargetDevice or TargetPlatform in OutputConfig.", "D", "the rule: API reference (OutputConfig)"
)
NO_SCHEMA_VERSION = Sentence(
    "There is no configuration schema {version} for the job category {category}.", "D", "only the code is known"
)

# --- Endpoints and what serves on them --------------------------------------------------------------------------------

IN_PROGRESS = Sentence('Cannot update in-progress {noun} "{arn}".', "A", "public records, op-k8s (endpoint)")
NOT_OF_FAILED = Sentence('Cannot {verb} {noun} "{arn}" in status {status}.', "D", "the rule: botocore's documentation")
VARIANT_TWICE = Sentence("The names of production variants must be unique.", "D", "the emulator's own")
ONE_SHADOW = Sentence(
    "With ShadowProductionVariants there can be one variant in ProductionVariants and one in "
    "ShadowProductionVariants only.",
    "D",
    "the rule: botocore's documentation",
)
INSTANCES_OF_SERVERLESS = Sentence(
    "A production variant with ServerlessConfig can have no instances: {variant}.", "D", "the emulator's own"
)
VARIANT_ON_NOTHING = Sentence(
    "A production variant needs an InstanceType, InstancePools or a ServerlessConfig: {variant}.",
    "D",
    "the emulator's own",
)
VARIANT_WITHOUT_MODEL = Sentence(
    "A production variant without ModelName needs an ExecutionRoleArn in its configuration: {variant}.",
    "D",
    "the rule: botocore's documentation",
)
NO_VARIANT = Sentence('Could not find variant "{variant}" of {noun} "{arn}".', "D", "the emulator's own")
ENDPOINT_HAS_CHILDREN = Sentence(
    'Cannot delete {noun} "{arn}" because it still has {children}.', "D", "only the refusal is known"
)
ENDPOINT_NOT_READY = Sentence('The endpoint "{arn}" is not in service.', "D", "the emulator's own")
POLICY_NO_DOCUMENT = Sentence("The resource policy is no JSON policy document.", "D", "the emulator's own")
BOTH_SPECIFICATIONS = Sentence(
    "Specify either Specification or Specifications, not both.", "D", "the rule: botocore's documentation"
)
NO_SPECIFICATION = Sentence("Specify Specification or Specifications.", "D", "the emulator's own")
NO_CONTAINER_IN_SPECIFICATION = Sentence(
    "A specification needs a ModelName, a Container or a BaseInferenceComponentName.", "D", "the emulator's own"
)
SCHEDULE_IS_OVER = Sentence(
    "The EndTime of the schedule must be in the future and after its StartTime.", "D", "the emulator's own"
)
TARGET_TWICE = Sentence("The names of routing targets must be unique: {target}.", "D", "the rule: documentation")
DESTINATION_TWICE = Sentence(
    "A destination can appear only once in a routing target: {arn}.", "D", "the rule: botocore's documentation"
)
DESTINATION_OF_WRONG_TYPE = Sentence(
    "The destination {arn} of routing target {target} is of the wrong type: {wanted} is needed.",
    "D",
    "the rule: botocore's documentation",
)
NOTHING_TO_RECOMMEND = Sentence(
    "An inference recommendations job needs a ModelPackageVersionArn, a ModelName or Endpoints.",
    "D",
    "the emulator's own",
)
JOB_NOT_COMPLETED = Sentence(
    "The inference recommendations job {name} is in status {status}, not COMPLETED.", "D", "the emulator's own"
)
RECOMMENDATION_OR_ENDPOINT = Sentence(
    "Specify either RecommendationId or EndpointName.", "D", "the rule: botocore's documentation"
)
NO_RECOMMENDATION = Sentence(
    "The inference recommendations job {name} recommends nothing called {wanted}.", "D", "the emulator's own"
)

# --- The runtime: another service, with another code for what is not valid --------------------------------------------

RUNTIME_VALIDATION = "ValidationError"
MODEL_ERROR = "ModelError"
ENDPOINT_OF_ACCOUNT = Sentence("Endpoint {name} of account {account} not found.", "A", "amazon-sagemaker-examples#293")
COMPONENT_OF_ACCOUNT = Sentence(
    "Inference Component {name} of account {account} not found.", "D", "after the sentence for endpoints"
)
COMPONENT_HEADER = Sentence(
    "Inference Component Name header is required for endpoints to which you plan to deploy inference components. "
    "Please include Inference Component Name header or consider using SageMaker models.",
    "B",
    "public records",
)
VARIANT_NOT_FOUND = Sentence("Variant {variant} not found for endpoint {name}.", "D", "the emulator's own")
ROUTING_TARGET_NOT_FOUND = Sentence(
    "Inference router {name} has no routing target {target}, or does not exist.", "D", "the emulator's own"
)
NO_DESTINATION = Sentence(
    "No destination of routing target {target} of inference router {name} can be reached from here.",
    "D",
    "the emulator's own",
)
NOT_ASYNC = Sentence(
    "Endpoint {name} has no AsyncInferenceConfig: InvokeEndpointAsync cannot be used.", "D", "the emulator's own"
)
ONLY_ASYNC = Sentence(
    "Endpoint {name} is an asynchronous endpoint: use InvokeEndpointAsync.", "D", "the emulator's own"
)
BODY_OR_LOCATION = Sentence("Specify either Body or InputLocation.", "D", "the rule: botocore's documentation")
RUNTIME_TOO_LARGE = Sentence("Payload exceeded {limit} bytes.", "D", "the emulator's own")
SERVER_ERROR = Sentence(
    'Received {side} error ({status}) from {variant} with message "{message}". See '
    "https://{region}.console.aws.amazon.com/cloudwatch/home?region={region}"
    "#logEventViewer:group=/aws/sagemaker/Endpoints/{name} in account {account} for more information.",
    "A",
    "public records",
)
CANNOT_FORWARD = Sentence("The emulator cannot reach {url}: {reason}", "D", "the emulator's own")
NOT_PROGRAMMED = Sentence(
    "The emulator runs no model: nobody has said what endpoint {name} answers. "
    "Say it with PUT /_emulator/endpoints/{name}/answers, for example "
    '{{"body": "0.9"}}, {{"echo": true}} or {{"forward": "http://127.0.0.1:8080/invocations"}}.',
    "D",
    "the emulator's own",
)

# --- Studio, notebooks, feature groups, people, apps, the edge --------------------------------------------------------

ASSOCIATED = Sentence(
    "Unable to delete {title} [{arn}] because {child}(s) are associated with it.",
    "A",
    "aws/amazon-sagemaker-feedback#113 (user profile with apps)",
)
ONE_OWNER = Sentence("Specify either UserProfileName or SpaceName.", "D", "the rule: API reference")
NO_WORDS = Sentence("", "A", "aws/amazon-sagemaker-feedback#108 (tags of a deleted app)")
ALREADY_DELETED = Sentence("{title} [{arn}] has already been deleted.", "B", "Terraform matches its end")
ONLY_IAM = Sentence(
    "CreatePresignedDomainUrl can only be called for a domain whose AuthMode is IAM.", "D", "the rule: API reference"
)
SPACE_OWNER_MISSING = Sentence("UserProfile with name {name} does not exist.", "D", "only the code is known")
LIFECYCLE_CONFIG_IN_USE = Sentence(
    "Unable to delete {title} [{arn}] because it is in use by {user}.", "D", "the rule: API reference"
)
NO_SUCH_SPACE = Sentence("No space or app has the ARN {arn}.", "D", "only the code is known")
RECORD_NOT_FOUND = Sentence("RecordNotFound", "A", "terraform-provider-aws#7139, sagemaker-python-sdk")
DUPLICATE = Sentence("Cannot create a duplicate {noun} ({arn})", "B", "moto (notebook instance)")
STATUS_NOT_IN = Sentence(
    "Status ({status}) not in ([{allowed}]). Unable to transition to ({target}) for {noun} ({arn})",
    "B",
    "moto, two generations (delete a notebook instance in service)",
)
SMALLER_VOLUME = Sentence("VolumeSizeInGB cannot be lower than current.", "C", "ACK's fixture")
CANNOT_DESCRIBE_CONFIG = Sentence(
    "Unable to describe {words} '{arn}'. (Details: {words} does not exist.)", "B", "moto, ACK"
)
CANNOT_DELETE_CONFIG = Sentence("Unable to delete {words} '{arn}'. (Details: {words} does not exist.)", "B", "moto")
CANNOT_UPDATE_CONFIG = Sentence("Unable to update {words} '{arn}'. (Details: {words} does not exist.)", "C", "the same")
CANNOT_CREATE_CONFIG = Sentence("Unable to create {words} {arn}. (Details: {words} already exists.)", "B", "moto")
CANNOT_FIND_REPOSITORY = Sentence('Cannot find {title}: "{arn}"', "B", "Terraform matches its beginning")
CANNOT_FIND_FEATURE_GROUP = Sentence(
    "Resource Not Found: Amazon SageMaker can't find a FeatureGroup with name {name}", "A", "sagemaker-python-sdk#2606"
)
FEATURE_GROUP_EXISTS = Sentence(
    "Resource Already Exists: FeatureGroup with name {name} already exists. Choose a different name.\n"
    "Info: Feature Group '{name}' already exists.",
    "B",
    "moto",
)
NO_STORE = Sentence(
    "Specify OnlineStoreConfig with EnableOnlineStore, OfflineStoreConfig, or both.", "D", "the rule: API reference"
)
UNDEFINED_FEATURE = Sentence("{member} {feature} is not among the FeatureDefinitions.", "D", "the rule: API reference")
EVENT_TIME_TYPE = Sentence(
    "The event time feature {feature} must be of type String or Fractional.", "D", "the rule: API reference"
)
FEATURE_TWICE = Sentence("The feature {feature} is defined more than once.", "D", "the emulator's own")
NO_FEATURE = Sentence(
    "Resource Not Found: Amazon SageMaker can't find a feature {feature} in the FeatureGroup with name {name}",
    "D",
    "after the sentence for the group",
)
TOO_MANY_PARAMETERS = Sentence(
    "The number of parameters exceeds the limit of {limit} parameters per feature.", "D", "the rule: API reference"
)
NO_WORKFORCE = Sentence("No workforce found with name {name}.", "B", "Terraform matches its beginning")
ONE_WORKFORCE = Sentence(
    "The account already has the workforce {arn} in this region. Delete it before you create another.",
    "D",
    "the rule: API reference (CreateWorkforce)",
)
ONE_IDENTITY_PROVIDER = Sentence("Specify either CognitoConfig or OidcConfig.", "D", "the rule: API reference")
WORKTEAMS_LEFT = Sentence(
    "The workforce {name} still has work teams. Delete them before you delete it.",
    "D",
    "the code is known: API reference (DeleteWorkforce)",
)
OIDC_WITH_WORKTEAMS = Sentence(
    "The OidcConfig of the workforce {name} cannot be updated while it has work teams.",
    "D",
    "the rule: API reference (UpdateWorkforce)",
)
NO_WORKTEAM = Sentence('The work team "{arn}" does not exist.', "B", "Terraform matches its beginning")
UI_OR_TEMPLATE = Sentence("Specify either UiTemplate or HumanTaskUiArn.", "D", "the rule: API reference")
IDC_CONFIG = Sentence("Specify IdcConfig if and only if AuthType is IDC.", "D", "the rule: API reference")
NO_DEVICE = Sentence("No device with name {name} found.", "B", "Terraform matches its beginning")
NO_DEVICE_TO_CHANGE = Sentence("Device with name {name} does not exist.", "B", "Terraform matches its beginning")
NO_DEVICE_FLEET = Sentence("No device fleet with name {name} found.", "B", "Terraform matches its beginning")
DEVICE_EXISTS = Sentence("Device with name {name} already exists.", "D", "the emulator's own")
NO_FLEET = Sentence("No devicefleet with name {name} found.", "B", "Terraform matches its beginning")
NO_FLEET_TO_CHANGE = Sentence("DeviceFleet with name {name} does not exist.", "B", "Terraform matches its beginning")
FLEET_IN_USE = Sentence("DeviceFleet with name {name} still has {children}.", "D", "only the code is known")
NO_STAGE = Sentence("No stage with name {name} found.", "D", "the emulator's own")
STAGE_EXISTS = Sentence("Stage with name {name} already exists.", "D", "the emulator's own")
STAGE_ACTIVE = Sentence(
    "The stage {name} cannot be deleted while it is active.", "D", "the rule: API reference (DeleteEdgeDeploymentStage)"
)
PLAN_ACTIVE = Sentence(
    "The edge deployment plan {name} cannot be deleted while its stages are active.",
    "D",
    "the rule: API reference (DeleteEdgeDeploymentPlan)",
)
NO_ONLINE_STORE = Sentence("The FeatureGroup {name} has no OnlineStore enabled.", "D", "the emulator's own")
GROUP_NOT_CREATED = Sentence("The FeatureGroup {name} is not in Created status.", "D", "the emulator's own")
UNKNOWN_FEATURE = Sentence("The FeatureGroup {name} does not define a feature {feature}.", "D", "the emulator's own")
MISSING_FEATURE = Sentence("The record has no value for the feature {feature}.", "D", "the emulator's own")
WRONG_VALUE = Sentence("The value of the feature {feature} is not of type {type}.", "D", "the emulator's own")
EVENT_TIME_FORMAT = Sentence(
    "The event time {value} must be ISO-8601 (yyyy-MM-dd'T'HH:mm:ssZ or yyyy-MM-dd'T'HH:mm:ss.SSSZ), or seconds since "
    "1970 where its feature is Fractional.",
    "D",
    "the rule: API reference (EventTimeFeatureName)",
)
EVENT_TIME_OLDER = Sentence("EventTime {value} is older than that of the record.", "D", "the rule: API reference")
NO_RECORD = Sentence("There is no record {record} in the FeatureGroup {name}.", "D", "only the code is known")
UPDATES_NEED_STORE = Sentence(
    "UpdateRecord needs an online store of the type Standard_V2 or InMemory.", "D", "the rule: API reference"
)
TTL_NEEDS_EVENT_TIME = Sentence("TtlDuration needs the event time {feature}.", "D", "the rule: API reference")

# --- Experiments and lineage ------------------------------------------------------------------------------------------

ENTITY_NAME_TAKEN = Sentence(
    "{title} names must be unique within an AWS account and region. {title} with name ({name}) already exists.",
    "A",
    "public records (Experiment); other entities by analogy",
)
ENTITY_DOES_NOT_EXIST = Sentence("{title} '{arn}' does not exist.", "C", "moto (Trial, TrialComponent)")
COMPONENT_IS_LINKED = Sentence(
    "TrialComponent '{arn}' is linked to 1 or more trials and cannot be deleted.", "A", "sagemaker-python-sdk#1515"
)
TRIAL_HAS_COMPONENTS = Sentence(
    "Trial '{arn}' is linked to 1 or more trial components and cannot be deleted.", "C", "by analogy"
)
EXPERIMENT_HAS_TRIALS = Sentence("Experiment '{arn}' has 1 or more trials and cannot be deleted.", "C", "by analogy")
ENTITY_HAS_ASSOCIATIONS = Sentence(
    "{title} '{arn}' has 1 or more associations and cannot be deleted.", "D", "the rule: sagemaker-python-sdk"
)
COMPONENT_NOT_LINKED = Sentence(
    "TrialComponent '{component}' is not associated with Trial '{trial}'.", "D", "only the code is documented"
)
TOO_MANY_COMPONENT_FILTERS = Sentence(
    "Specify only one of ExperimentName, TrialName and SourceArn.", "D", "the rule: botocore's documentation"
)
NO_ARTIFACT_NAMED = Sentence("Either ArtifactArn or Source must be specified.", "D", "botocore's documentation")
NO_ARTIFACT_WITH_SOURCE = Sentence("Artifact with source '{source}' does not exist.", "D", "the emulator's own")
ASSOCIATION_EXISTS = Sentence(
    "Association between source '{source}' and destination '{destination}' already exists.", "D", "the emulator's own"
)
ASSOCIATION_DOES_NOT_EXIST = Sentence(
    "Association between source '{source}' and destination '{destination}' does not exist.", "D", "the emulator's own"
)
LINEAGE_ENTITY_DOES_NOT_EXIST = Sentence("Lineage entity '{arn}' does not exist.", "D", "the emulator's own")
NO_LINEAGE_GROUP_POLICY = Sentence(
    "Lineage group '{arn}' has no resource policy.", "D", "the emulator's own; a policy comes from a resource share"
)

# --- Search -----------------------------------------------------------------------------------------------------------

UNKNOWN_PROPERTY = Sentence(
    "Unknown property name for {resource}: {name}", "D", "only that it is refused is documented"
)
NOT_NESTED = Sentence(
    "Property {name} of {resource} is no list to filter in.", "D", "the rule: botocore's documentation"
)
OUTSIDE_NESTED = Sentence(
    "Property {name} is not inside the nested property {nested}.", "D", "the rule: botocore's documentation"
)
EMPTY_EXPRESSION = Sentence(
    "A search expression must have at least one subexpression, filter, or nested filter.",
    "D",
    "the rule: botocore's documentation",
)
TOO_MANY_CONDITIONS = Sentence(
    "The search expression has {count} subexpressions, nested filters and filters; at most {limit} are allowed.",
    "D",
    "the rule: botocore's documentation",
)
CONTAINS_TWICE = Sentence("'CONTAINS' operator usage limit of 1 exceeded.", "A", "botocore's documentation")
OPERATOR_NOT_SUPPORTED = Sentence(
    "Operator {operator} is not supported for the {type} property {name}.", "D", "the rule: botocore's documentation"
)
OPERATOR_NEEDS_VALUE = Sentence("Operator {operator} on property {name} requires a value.", "D", "the emulator's own")
VALUE_OF_WRONG_TYPE = Sentence(
    "Value '{value}' is not valid for the {type} property {name}.", "D", "the rule: botocore's documentation"
)
CANNOT_SORT_BY = Sentence("Cannot sort by property {name}: it has no single value.", "D", "the emulator's own")
BAD_VISIBILITY_KEY = Sentence(
    "The key of a visibility condition must be of the form Tags.<key>: {key}", "D", "the rule: botocore's documentation"
)

# --- Model cards, hubs, monitoring, projects --------------------------------------------------------------------------

NO_MODEL_CARD = Sentence(
    "The content does not follow the model card JSON schema: {fault}.", "D", "the rule: botocore's documentation"
)
CONTENT_AND_STATUS = Sentence(
    "Model card content and model card status cannot be updated in a single call.",
    "D",
    "the rule: botocore's documentation (UpdateModelCard)",
)
CARD_ARCHIVED = Sentence("Model Card is in Archived state", "B", "botocore's documentation (ModelPackageModelCard)")
CARD_BEING_DELETED = Sentence("Model card is being deleted", "B", "Terraform matches on it")
CARD_VERSION_DOES_NOT_EXIST = Sentence(
    "ModelCard with the given name and version does not exist: {arn}.", "D", "the SDK matches on `does not exist`"
)
ONLY_REFERENCES = Sentence(
    "The hub content type must be ModelReference, not {type}.", "D", "the rule: botocore's documentation"
)
REFERENCE_TO_UPDATE = Sentence(
    "Hub content of the type ModelReference is updated with {operation}.", "D", "the rule: botocore's documentation"
)
NOTHING_TO_UPDATE = Sentence(
    "Specify at least one field of the hub content to update.", "D", "the rule: botocore's documentation"
)
UNEXPECTED_FILE = Sentence(
    "The file {file} of the hub content is not below the expected S3 URL {expected}.", "D", "the emulator's own"
)
ONE_MONITORING_DEFINITION = Sentence(
    "Specify either MonitoringJobDefinition or MonitoringJobDefinitionName.", "D", "the emulator's own"
)
NO_MONITORING_TYPE = Sentence("MonitoringType is required with MonitoringJobDefinitionName.", "D", "the emulator's own")
NOTHING_TO_MONITOR = Sentence(
    "A monitoring input must have an EndpointInput or a BatchTransformInput.", "D", "the emulator's own"
)
BAD_SCHEDULE_EXPRESSION = Sentence(
    "The schedule expression {expression} is not supported.", "D", "the rule: botocore's documentation"
)
NO_ANALYSIS_TIME = Sentence(
    "DataAnalysisStartTime and DataAnalysisEndTime are required with the schedule expression NOW.",
    "D",
    "the rule: botocore's documentation",
)
SCHEDULE_IN_STATUS = Sentence(
    "Monitoring schedule in status {status}", "B", "amazon-sagemaker-examples#2342 (its beginning)"
)
ENDPOINT_IS_MONITORED = Sentence(
    'Cannot delete {noun} "{arn}" because it has a monitoring schedule.', "D", "only the refusal is known"
)
NO_ALERT = Sentence("The monitoring schedule {schedule} has no alert {alert}.", "D", "only the code is known")
MORE_DATAPOINTS_THAN_PERIOD = Sentence(
    "DatapointsToAlert must not be greater than EvaluationPeriod.", "D", "the emulator's own"
)

# --- Clusters and training plans --------------------------------------------------------------------------------------

NO_CLUSTER = Sentence("Resource Not Found: Cluster with name {name} does not exist.", "D", "only the code is known")
CLUSTER_EXISTS = Sentence(
    "Resource Already Exists: Cluster with name {name} already exists. Choose a different name.", "C", "moto"
)
CLUSTER_NOT_READY = Sentence("The cluster {name} is not in service.", "D", "the emulator's own")
GROUP_TWICE = Sentence("The names of instance groups must be unique: {group}.", "D", "the emulator's own")
GROUP_OF_ONE_TYPE = Sentence(
    "Specify either InstanceType or InstanceRequirements for the instance group {group}.",
    "D",
    "the rule: API reference (ClusterInstanceGroupSpecification)",
)
GROUP_BELOW_LEAST = Sentence(
    "The InstanceCount of the instance group {group} must not be less than its MinInstanceCount.",
    "D",
    "the emulator's own",
)
ONE_ORCHESTRATOR = Sentence("Specify exactly one orchestrator: either Eks or Slurm.", "D", "the rule: API reference")
PLAN_OF_OTHERS = Sentence("The training plan {plan} is not for {target}.", "D", "the rule: API reference")
ROLE_OF_AUTOSCALING = Sentence(
    "ClusterRole cannot be updated while autoscaling is enabled.", "D", "the rule: API reference (UpdateCluster)"
)
NO_GROUP = Sentence("There is no instance group {group} in the cluster.", "D", "only the code is known")
NO_GROUP_TO_DELETE = Sentence(
    "The instance group {group} cannot be deleted: it is not there, or is to be changed too.", "D", "the emulator's own"
)
GROUP_ENDING = Sentence("The instance group {group} is not in a status to be changed.", "D", "only the code is known")
TYPE_OF_GROUP = Sentence(
    "The instance type of the instance group {group} cannot be changed.", "D", "the emulator's own"
)
TYPES_OF_OTHERS = Sentence(
    "The instance group {group} does not have these instance types.", "D", "only the code is known"
)
ZONES_OF_OTHERS = Sentence(
    "The instance group {group} does not have these Availability Zones.", "D", "only the code is known"
)
NOT_CONTINUOUS = Sentence(
    "Nodes can be added only to clusters whose NodeProvisioningMode is Continuous: {name}.",
    "D",
    "the rule: API reference (BatchAddClusterNodes)",
)
TOO_MANY_NODES = Sentence(
    "No more than {limit} nodes can be added in a single request.", "D", "the rule: API reference"
)
NO_NODE = Sentence("Node {name} does not exist in the cluster {cluster}.", "D", "only the code is known")
ONE_NODE_ID = Sentence("Specify either NodeId or NodeLogicalId.", "D", "the rule: API reference (DescribeClusterNode)")
NO_NODE_IDS = Sentence("Specify NodeIds, NodeLogicalIds, or both.", "D", "the rule: API reference")
NODE_NOT_FOUND = Sentence("Node {node} does not exist in the cluster {cluster}.", "D", "only the code is known")
NODE_STATUS = Sentence("The status of node {node} does not allow to {verb} it.", "D", "only the code is known")
NODE_IN_USE = Sentence("Node {node} is a Slurm controller: it cannot be deleted.", "D", "the rule: API reference")
NOT_OF_EKS = Sentence("The cluster {name} is not orchestrated by EKS.", "D", "the rule: API reference")
NOT_ATTACHABLE = Sentence(
    "Nothing can be attached to node {node}: it must be running, and in no restricted instance group.",
    "D",
    "the rule: API reference",
)
VOLUME_ATTACHED = Sentence("Volume {volume} is already attached to a node.", "D", "the rule: API reference")
VOLUME_NOT_ATTACHED = Sentence("Volume {volume} is not attached to node {node}.", "D", "the rule: API reference")
NO_DEVICE_FREE = Sentence("No device name is free on node {node}.", "D", "the emulator's own")
INTERFACE_ATTACHED = Sentence(
    "Network interface {interface} is already attached to node {node}.", "D", "the emulator's own"
)
NOTHING_IN_CLUSTER = Sentence("{words} {name} does not exist.", "D", "only the code is known")
CLUSTER_EVENT = Sentence("Cluster {name} is {status}.", "D", "an event's description: the emulator's own")
GROUP_EVENT = Sentence(
    "Instance group {group} is being scaled from {have} to {wanted} instances.", "D", "likewise an event"
)
NODE_EVENT = Sentence("Instance {instance} of instance group {group} is {status}.", "D", "likewise an event")
NO_POLICY = Sentence("{words} with ID {name} does not exist.", "D", "only the code is known")
NO_POLICY_VERSION = Sentence("{name} has no version {version}.", "D", "only the code is known")
POLICY_EXISTS = Sentence("{words} {name} already exists in the cluster: {arn}", "D", "only the code is known")
ANOTHER_VERSION = Sentence(
    "TargetVersion {wanted} is not the current version of {arn}, which is {version}.", "D", "only the code is known"
)
NO_EXTENSION = Sentence("Extension {arn} does not exist.", "D", "only the code is known")
EXTENSION_EXISTS = Sentence("The cluster already has the extension {name}: {arn}", "D", "only the code is known")
NO_EXTENSIONS_HERE = Sentence(
    "Extensions can be installed only on clusters that Slurm orchestrates and whose NodeProvisioningMode is "
    "Continuous: {name}.",
    "D",
    "the rule: API reference (CreateClusterExtension)",
)
UNKNOWN_EXTENSION = Sentence("There is no extension {extension}.", "D", "only the code is known")
UNKNOWN_EXTENSION_VERSION = Sentence(
    "There is no version {version} of the extension {extension}.", "D", "the emulator's own"
)
NO_LATER_VERSION = Sentence(
    "ExtensionVersion {version} is not later than the current one, {present}.", "D", "the rule: API reference"
)
SETTINGS_NO_OBJECT = Sentence("ConfigurationValues is not a JSON object.", "D", "the rule: API reference")
NO_OFFERING = Sentence("Training plan offering {offering} does not exist.", "D", "only the code is known")
NO_TRAINING_PLAN = Sentence("Training plan {arn} does not exist.", "D", "only the refusal is known")
NOT_PROVISIONED = Sentence(
    "The project {name} was not provisioned by Service Catalog.", "D", "the emulator's own: AWS's answer is not known"
)

# --- What was asked for (engine/asked.py) -----------------------------------------------------------------------------

THROTTLED = Sentence("Rate exceeded", "A", "aws/aws-sdk#486, sagemaker-python-sdk#645")
ACCESS_DENIED = Sentence(
    "User: {caller} is not authorized to perform: {action} on resource: {arn} because no identity-based policy allows "
    "the {action} action",
    "A",
    "aws-samples/ml-edge-getting-started#18",
)
MODIFIED_CONCURRENTLY = Sentence("Resource was modified concurrently", "A", "terraform-provider-aws#44693")
ACCOUNT_LIMIT = Sentence(
    "The account-level service limit '{quota}' is {limit} {unit}, with current utilization of {used} {unit} and a "
    "request delta of {delta} {unit}. Please use AWS Service Quotas to request an increase for this quota. If AWS "
    "Service Quotas is not available, contact AWS support to request an increase for this quota.",
    "A",
    "public records (endpoint usage, training job usage, Total domains)",
)
INTERNAL_FAILURE = Sentence(
    "The request processing has failed because of an unknown error, exception or failure.",
    "C",
    "API reference, common errors",
)
UNAVAILABLE = Sentence(
    "The request has failed due to a temporary failure of the server.", "C", "API reference, common errors"
)
ASKED_FOR = Sentence("{code} was asked for.", "D", "the emulator's own, for a code without a message")
