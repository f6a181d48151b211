"""How handlers fail: the codes of the handler contract, and every sentence that a handler says.

Confidence is graded as in ``emulator/aws/errors.py``.
"""

from __future__ import annotations

from emulator.aws.errors import Sentence, ServiceError
from emulator.registry.handler import HandlerError

NOT_UPDATABLE = "NotUpdatable"
INVALID_REQUEST = "InvalidRequest"
ACCESS_DENIED = "AccessDenied"
ALREADY_EXISTS = "AlreadyExists"
NOT_FOUND = "NotFound"
RESOURCE_CONFLICT = "ResourceConflict"
THROTTLING = "Throttling"
SERVICE_LIMIT_EXCEEDED = "ServiceLimitExceeded"
NOT_STABILIZED = "NotStabilized"
GENERAL = "GeneralServiceException"
SERVICE_INTERNAL = "ServiceInternalError"

_JAVA = "the framework of AWS's handlers in Java"

MISSING = Sentence("Resource of type '{type}' with identifier '{identifier}' was not found.", "A", _JAVA)
TAKEN = Sentence("Resource of type '{type}' with identifier '{identifier}' already exists.", "A", _JAVA)
INVALID = Sentence("Invalid request provided: {reason}", "A", _JAVA)
NOT_UPDATED = Sentence(
    "Resource of type '{type}' with identifier '{identifier}' is not updatable with parameters provided.", "B", _JAVA
)
UNSTABLE = Sentence("Resource of type '{type}' with identifier '{identifier}' did not stabilize.", "A", _JAVA)
UNSTABLE_BECAUSE = Sentence(
    "Resource of type '{type}' with identifier '{identifier}' did not stabilize. Status: {status}. Reason: {reason}",
    "D",
    "the emulator's own: the framework's sentence, and what the service says",
)
NOT_MADE = Sentence(
    "{type} [{identifier}] failed to create. Reason: {reason}", "C", "AWS's handler of Image, which gives no reason"
)
PACKAGE_FAILED = Sentence(
    "Model Package [{identifier}] status post stabilizing: [{status}] due to {reason}.",
    "B",
    "AWS's handler of ModelPackage",
)
CONFLICT = Sentence(
    "Resource of type '{type}' with identifier '{identifier}' has a conflict. Reason: {reason}.", "A", _JAVA
)
LIMIT = Sentence("Limit exceeded for resource of type '{type}'. Reason: {reason}", "A", _JAVA)
FAILED = Sentence("Error occurred during operation '{reason}'.", "A", _JAVA)
DENIED = Sentence("Access denied for operation '{operation}'.", "A", _JAVA)
SLOW_DOWN = Sentence("Rate exceeded for operation '{operation}'.", "A", _JAVA)
BROKEN = Sentence("Internal error reported from downstream service during operation '{operation}'.", "A", _JAVA)

READ_ONLY_SET = Sentence(
    "The following ReadOnly properties were set: [{names}]", "A", "AWS's handlers of Image and ImageVersion"
)
NO_HANDLER = Sentence(
    "Resource type {type} does not support {action} action", "C", "Cloud Control, UnsupportedActionException"
)
NO_IDENTIFIER = Sentence("Identifier {identifier} is not valid for identifier of {type}", "D", "the emulator's own")
LIST_NEEDS = Sentence(
    "Missing or invalid ResourceModel property in {type} list handler request input. Required property: [{names}]",
    "C",
    "Cloud Control, as its users quote it",
)

# What the service says, to what a handler says. Whether something is missing or there already is not read off a code,
# for SageMaker says ValidationException to nearly all; the handler looks.
_CODES: dict[str, tuple[str, Sentence]] = {
    "AccessDeniedException": (ACCESS_DENIED, DENIED),
    "UnauthorizedOperation": (ACCESS_DENIED, DENIED),
    "ResourceNotFound": (INVALID_REQUEST, INVALID),  # what it refers to: the resource itself is looked for before
    "InvalidParameter": (INVALID_REQUEST, INVALID),
    "InvalidParameterValue": (INVALID_REQUEST, INVALID),
    "ValidationError": (INVALID_REQUEST, INVALID),
    "SerializationException": (INVALID_REQUEST, INVALID),
    "ConflictException": (RESOURCE_CONFLICT, CONFLICT),
    "ResourceInUse": (RESOURCE_CONFLICT, CONFLICT),
    "ResourceLimitExceeded": (SERVICE_LIMIT_EXCEEDED, LIMIT),
    "ThrottlingException": (THROTTLING, SLOW_DOWN),
    "InternalError": (SERVICE_INTERNAL, BROKEN),
    "InternalFailure": (SERVICE_INTERNAL, BROKEN),
    "ServiceUnavailable": (SERVICE_INTERNAL, BROKEN),
}
_MALFORMED = "validation error"  # "1 validation error detected", "2 validation errors detected": constraints not met


def from_service(error: ServiceError, name: str, identifier: str | None, operation: str) -> HandlerError:
    """Return what a handler makes of what the service refused."""
    reason = error.message or error.code
    code, sentence = _CODES.get(error.code, (GENERAL, FAILED))
    if _MALFORMED in reason:
        code, sentence = INVALID_REQUEST, INVALID
    return HandlerError(code, sentence(type=name, identifier=identifier, reason=reason, operation=operation))


def missing(name: str, identifier: str) -> HandlerError:
    """Return the answer when there is no such resource."""
    return HandlerError(NOT_FOUND, MISSING(type=name, identifier=identifier))


def taken(name: str, identifier: str) -> HandlerError:
    """Return the answer when there is such a resource already."""
    return HandlerError(ALREADY_EXISTS, TAKEN(type=name, identifier=identifier))
