"""What CloudFormation says of stacks and change sets, each sentence once, with its source and how sure it is.

Confidence is that of emulator/aws/errors.py: A seen from AWS itself, B written by people who match on it, C one
indirect witness or an analogy, D the emulator's own words.
"""

from __future__ import annotations

from emulator.aws.errors import Refusal, Sentence, ServiceError

_RECORDED = "recorded from AWS by LocalStack's tests of CloudFormation"
_REPORTED = "AWS's answer in several public issues"
_OWN = "the emulator's own"

VALIDATION = "ValidationError"

# --- Stacks -----------------------------------------------------------------------------------------------------------

NO_STACK = Refusal(VALIDATION, Sentence("Stack with id {name} does not exist", "A", _RECORDED))
NO_STACK_HERE = Refusal(VALIDATION, Sentence("Stack [{name}] does not exist", "A", _RECORDED))
NO_STACK_AT_ALL = Refusal(VALIDATION, Sentence("Stack '{name}' does not exist", "B", _REPORTED))
BAD_NAME = Refusal(
    VALIDATION,
    Sentence(
        "1 validation error detected: Value '{name}' at 'stackName' failed to satisfy constraint: Member must satisfy "
        "regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*|arn:[-a-zA-Z0-9:/._+]*",
        "A",
        _RECORDED,
    ),
)
NAME_TOO_LONG = Refusal(
    VALIDATION,
    Sentence(
        "1 validation error detected: Value '{name}' at 'stackName' failed to satisfy constraint: Member must have "
        "length less than or equal to {limit}",
        "B",
        _REPORTED,
    ),
)
DUPLICATE_TAGS = Refusal(VALIDATION, Sentence("Duplicate tag keys found in the tags of the stack", "D", _OWN))
RESERVED_TAG = Refusal(
    VALIDATION,
    Sentence("aws: prefixed tag key names are not allowed for external use: {key}", "C", "an analogy"),
)
ALREADY_EXISTS = Refusal("AlreadyExistsException", Sentence("Stack [{name}] already exists", "B", _REPORTED))
NO_UPDATES = Refusal(VALIDATION, Sentence("No updates are to be performed.", "A", _RECORDED))
NOT_UPDATABLE = Refusal(
    VALIDATION, Sentence("Stack:{stack} is in {status} state and can not be updated.", "B", _REPORTED)
)
NOT_DELETABLE = Refusal(
    VALIDATION, Sentence("Stack [{stack}] cannot be deleted while in status {status}", "B", _REPORTED)
)
NOT_CANCELLABLE = Refusal(
    VALIDATION,
    Sentence("CancelUpdateStack cannot be called from current stack status", "B", _REPORTED),
)
NOT_CONTINUABLE = Refusal(
    VALIDATION,
    Sentence("Stack:{stack} is in {status} state and can not continue rollback.", "C", "after the sentence of updates"),
)
NOT_REVERTIBLE = Refusal(
    VALIDATION,
    Sentence("Stack:{stack} is in {status} state and can not be rolled back.", "C", "after the sentence of updates"),
)
PROTECTED = Refusal(
    VALIDATION, Sentence("Stack [{name}] cannot be deleted while TerminationProtection is enabled", "B", _REPORTED)
)
NESTED = Refusal(VALIDATION, Sentence("{operation} is not supported on nested stacks: {stack}", "D", _OWN))
RETAINS_TOO_EARLY = Refusal(
    VALIDATION,
    Sentence(
        "Invalid operation on stack [{stack}]. When you delete a stack, specify which resources to retain only when "
        "the stack is in the DELETE_FAILED state.",
        "B",
        _REPORTED,
    ),
)
UNKNOWN_RETAINED = Refusal(
    VALIDATION, Sentence("The following resources to retain do not exist in the stack: [{names}]", "D", _OWN)
)
NOT_TO_SKIP = Refusal(VALIDATION, Sentence("The following resources cannot be skipped: [{names}]", "C", "an analogy"))
NO_TEMPLATE = Refusal(VALIDATION, Sentence("Either Template URL or Template Body must be specified.", "A", _RECORDED))
ONE_TEMPLATE = Refusal(
    VALIDATION, Sentence("Specify exactly one of TemplateBody, TemplateURL and UsePreviousTemplate.", "C", "an analogy")
)
TEMPLATE_TOO_LARGE = Refusal(
    VALIDATION,
    Sentence(
        "1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length "
        "less than or equal to {limit}",
        "B",
        _REPORTED,
    ),
)
NO_TEMPLATE_THERE = Refusal(
    VALIDATION, Sentence("S3 error: Access Denied: nothing is to be read at {url}", "C", "after S3's refusals")
)
UNRECOGNIZED = Refusal(
    VALIDATION, Sentence("Template format error: Unrecognized resource types: [{types}]", "B", _REPORTED)
)
NOT_ALLOWED_TYPE = Refusal(
    VALIDATION,
    Sentence("Resource type {type} is not allowed by parameter ResourceTypes [{types}]", "A", _RECORDED),
)
CAPABILITIES = Refusal(
    "InsufficientCapabilitiesException", Sentence("Requires capabilities : [{names}]", "B", _REPORTED)
)
TYPE_CHANGED = Refusal(
    VALIDATION,
    Sentence(
        "Update of resource type is not permitted. The new template modifies resource type of the following "
        "resources: [{names}]",
        "B",
        _REPORTED,
    ),
)
NO_SNAPSHOT = Refusal(
    VALIDATION,
    Sentence("Template error: resource type {type} does not support deletion policy Snapshot", "B", _REPORTED),
)
NO_ATTRIBUTE_IN_TYPE = Refusal(
    VALIDATION,
    Sentence(
        "Template error: resource {logical} does not support attribute type {attribute} in Fn::GetAtt", "B", _REPORTED
    ),
)
TOKEN_REUSED = Refusal(
    "TokenAlreadyExistsException",
    Sentence("ClientRequestToken {token} has already been used for another operation on this stack", "C", "an analogy"),
)
EXCLUSIVE = Refusal(VALIDATION, Sentence("You cannot specify both {one} and {other}", "A", _RECORDED))
NO_RESOURCE = Refusal(VALIDATION, Sentence("Resource {logical} does not exist for stack {name}", "B", _REPORTED))
NO_PHYSICAL = Refusal(VALIDATION, Sentence("Stack for {physical} does not exist", "B", _REPORTED))
NO_NAME = Refusal(VALIDATION, Sentence("Either StackName or PhysicalResourceId must be specified.", "C", "an analogy"))
NO_POLICY = Refusal(
    VALIDATION, Sentence("Either StackPolicyBody or StackPolicyURL must be specified.", "C", "an analogy")
)
BAD_POLICY = Refusal(VALIDATION, Sentence("Error validating stack policy: Invalid stack policy", "A", _RECORDED))
NO_EXPORT = Refusal(VALIDATION, Sentence("Export '{name}' does not exist.", "C", "an analogy"))
NOT_IMPORTED = Refusal(VALIDATION, Sentence("Export '{name}' is not imported by any stack.", "B", _REPORTED))
NOT_SERVED = Sentence(
    "{operation} is an operation of CloudFormation that this emulator does not answer: {why}.", "D", _OWN
)

# --- Change sets ------------------------------------------------------------------------------------------------------

NO_CHANGE_SET = Refusal("ChangeSetNotFound", Sentence("ChangeSet [{name}] does not exist", "A", _RECORDED))
CHANGE_SET_EXISTS = Refusal(
    "AlreadyExistsException",
    Sentence("ChangeSet {name} already exists for stack {stack}", "B", _REPORTED),
)
NEEDS_STACK = Refusal(
    VALIDATION, Sentence("StackName must be specified if ChangeSetName is not specified as an ARN.", "A", _RECORDED)
)
EXISTS_ALREADY = Refusal(
    VALIDATION,
    Sentence("Stack [{name}] already exists and cannot be created again with the changeSet [{set}].", "A", _RECORDED),
)
NOT_EXECUTABLE = Refusal(
    "InvalidChangeSetStatus",
    Sentence("ChangeSet [{set}] cannot be executed in its current status of [{status}]", "A", _RECORDED),
)
OBSOLETE = Refusal(
    "InvalidChangeSetStatus",
    Sentence("ChangeSet [{set}] cannot be executed in its current execution status of [{status}]", "C", "an analogy"),
)
PART = Refusal(
    "InvalidChangeSetStatus", Sentence("ChangeSet [{set}] is part of [{root}], which is to be named.", "D", _OWN)
)
NO_CHANGES = Sentence(
    "The submitted information didn't contain changes. Submit different information to create a change set.",
    "A",
    _RECORDED,
)
NOTHING_TO_IMPORT = Refusal(
    VALIDATION, Sentence("ResourcesToImport must be specified for change sets of type IMPORT.", "C", "an analogy")
)
ONLY_IMPORTS = Refusal(
    VALIDATION,
    Sentence(
        "As part of the import operation, you cannot modify or add [Outputs] or resources that are not imported: "
        "[{names}]",
        "C",
        "after the sentence on outputs",
    ),
)
NOT_IN_TEMPLATE = Refusal(
    VALIDATION,
    Sentence("Resources [{names}] to import are not in the template, or of another type", "C", "an analogy"),
)
IN_A_STACK = Refusal(
    VALIDATION,
    Sentence(
        "Resources [{names}] passed in ResourceToImport are already in a stack and cannot be imported.", "B", _REPORTED
    ),
)
NO_DELETION_POLICY = Refusal(
    VALIDATION,
    Sentence("Resources [{names}] to import must have a DeletionPolicy specified in the template.", "B", _REPORTED),
)

# --- Drift ------------------------------------------------------------------------------------------------------------

NOT_DRIFTABLE = Refusal(
    VALIDATION,
    Sentence(
        "Drift detection cannot be performed on stack [{stack}] while it is in {status} state.", "C", "an analogy"
    ),
)
NO_DETECTION = Refusal(VALIDATION, Sentence("Drift detection operation [{id}] does not exist", "C", "an analogy"))
NOT_DRIFTABLE_TYPE = Refusal(
    VALIDATION, Sentence("Drift detection is not supported for resource {logical} of type {type}", "C", "an analogy")
)

# --- Reasons in events ------------------------------------------------------------------------------------------------

USER = "User Initiated"
INITIATED = "Resource creation Initiated"
IMPORTING = Sentence("Resource import started.", "B", _REPORTED)
IMPORTED = Sentence("Resource import completed.", "B", _REPORTED)
REPLACING = Sentence(
    "Requested update requires the creation of a new physical resource; hence creating one.", "B", _REPORTED
)
HANDLER = Sentence(
    'Resource handler returned message: "{message}" (RequestToken: {token}, HandlerErrorCode: {code})', "A", _REPORTED
)
BAD_PROPERTIES = Sentence(
    "Properties validation failed for resource {logical} with message:\n[{faults}]", "B", _REPORTED
)
CANCELLED = Sentence("Resource {what} cancelled", "B", _REPORTED)
FAILED_TO = Sentence("The following resource(s) failed to {what}: [{names}]. ", "A", _RECORDED)
ROLLBACK_REQUESTED = Sentence("Rollback requested by user.", "B", _REPORTED)
DELETE_REQUESTED = Sentence("Delete requested by user.", "C", "after that of rollbacks")
TIMED_OUT = Sentence("Stack creation time exceeded the specified timeout. ", "B", _REPORTED)
EXPORT_IN_USE = Sentence("Export {name} cannot be {what} as it is in use by {users}", "B", _REPORTED)
EXPORT_TAKEN = Sentence("Export with name {name} is already exported by stack {stack}. ", "B", _REPORTED)
DELETE_CANCELED = Sentence("Delete canceled. Cannot delete export {name} as it is in use by {users}.", "B", _REPORTED)
POLICY_DENIES = Sentence(
    "Action denied by stack policy: Statement [#{number}] does not allow [{action}] for resource [{logical}]",
    "C",
    "one public issue",
)
POLICY_SILENT = Sentence(
    "Action denied by stack policy: no statement allows [{action}] for resource [{logical}]", "D", _OWN
)
EMBEDDED = Sentence("Embedded stack {stack} was not successfully {what}: {reason}", "B", _REPORTED)
NO_ATTRIBUTE = Sentence("Requested attribute {attribute} does not exist in schema for {type}", "B", _REPORTED)
WAIT_TIMED_OUT = Sentence(
    "WaitCondition timed out. Received {count} conditions when expecting {expected}", "B", _REPORTED
)
NOT_LISTED = Sentence("Resource type {type} does not support LIST action", "C", "Cloud Control's words")
INTERNAL = Sentence("The emulator failed on this resource; its log says how: {error}", "D", _OWN)
DROPPED = Sentence("The connection was closed without an answer.", "D", _OWN)


def not_served(operation: str, why: str) -> ServiceError:
    """Return the refusal of an operation that this emulator does not answer."""
    return ServiceError("NotImplemented", NOT_SERVED(operation=operation, why=why), status=501)
