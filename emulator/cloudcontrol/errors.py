"""What Cloud Control says, each sentence once, with its source and how sure it is; and what handlers' codes become.

Confidence is that of emulator/aws/errors.py: A seen from AWS itself, B written by people who match on it, C one
indirect witness or an analogy, D the emulator's own words.
"""

from __future__ import annotations

from collections.abc import Iterable

from emulator.aws.errors import VALIDATION, Refusal, Sentence, ServiceError
from emulator.registry.errors import NO_HANDLER
from emulator.registry.handler import HandlerError
from emulator.registry.validation import REFUSED

_RECORDED = "recorded from AWS by LocalStack's tests of Cloud Control"
_REPORTED = "public issues of terraform-provider-awscc and pulumi-aws-native"
_OWN = "the emulator's own"

# --- Types ------------------------------------------------------------------------------------------------------------

NO_TYPE = Refusal("TypeNotFoundException", Sentence("The type '{type}' cannot be found.", "A", _RECORDED))
UNSUPPORTED = Refusal("UnsupportedActionException", NO_HANDLER)

# --- What a client wrote ----------------------------------------------------------------------------------------------

INVALID_MODEL = Refusal(VALIDATION, REFUSED)
NOT_JSON = Refusal(VALIDATION, Sentence("{member} is not a valid JSON {wanted}", "D", _OWN))
NOT_CHANGEABLE = Refusal(
    "NotUpdatableException", Sentence("Invalid patch update: {keyword} [{names}] cannot be updated", "A", _RECORDED)
)
NO_SUCH_PATH = Refusal(
    VALIDATION, Sentence("[{op} Operation] noSuchPath in source, path provided : /{path}", "A", _REPORTED)
)
TEST_FAILED = Refusal(
    VALIDATION, Sentence("[TEST Operation] value differs from expectations, path provided : /{path}", "C", "an analogy")
)
INVALID_PATCH = Refusal(VALIDATION, Sentence("Invalid JSON Patch payload: {reason}", "C", "the library of AWS's"))

# --- Requests ---------------------------------------------------------------------------------------------------------

NO_REQUEST = Refusal(
    "RequestTokenNotFoundException", Sentence("Request with token {token} was not found", "A", _RECORDED)
)
TOKEN_TAKEN = Refusal(
    "ClientTokenConflictException",
    Sentence(
        "ClientToken {client} is already associated with an existing operation with RequestToken {token}",
        "A",
        _RECORDED,
    ),
)
IS_OVER = Refusal(VALIDATION, Sentence("Request {token} is already in status {status}", "A", _RECORDED))
BUSY = Refusal(
    "ConcurrentOperationException",
    Sentence("Resource of type '{type}' with identifier '{identifier}' is being changed by request {token}", "D", _OWN),
)

# --- Handlers ---------------------------------------------------------------------------------------------------------

HANDLER_FAILED = Sentence(
    "{type} Handler returned status FAILED: {message} (HandlerErrorCode: {code}, RequestToken: {token})", "A", _RECORDED
)
UNREACHED = Sentence("Network failure occurred during operation '{operation}'.", "B", "the framework of AWS's handlers")

_EXCEPTIONS = {
    "NotFound": "ResourceNotFoundException",
    "AccessDenied": "AccessDeniedException",
    "ServiceInternalError": "ServiceInternalErrorException",
    "ServiceTimeout": "HandlerFailureException",
    "InternalFailure": "HandlerInternalFailureException",
    "GeneralServiceException": "GeneralServiceException",
    "UnauthorizedTaggingOperation": "AccessDeniedException",
}


def from_handler(error: HandlerError, name: str, token: str) -> ServiceError:
    """Return what a client is told at once of what a handler refused: mostly the exception named after the code."""
    message = HANDLER_FAILED(type=name, message=error.message, code=error.code, token=token)
    return ServiceError(_EXCEPTIONS.get(error.code, f"{error.code}Exception"), message)


def invalid_model(faults: Iterable[str]) -> ServiceError:
    """Return the answer to a model with faults."""
    return INVALID_MODEL.error(faults="\n".join(faults))
