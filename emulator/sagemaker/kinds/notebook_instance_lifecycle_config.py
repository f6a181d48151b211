"""Notebook lifecycle configurations: scripts that run when a notebook instance is created or started."""

from emulator.aws import errors
from emulator.aws.errors import VALIDATION, Refusal
from emulator.engine.kind import Kind

KIND = Kind(
    "NotebookInstanceLifecycleConfig",
    missing=Refusal(VALIDATION, errors.CANNOT_DESCRIBE_CONFIG),
    missing_to={
        "Delete": Refusal(VALIDATION, errors.CANNOT_DELETE_CONFIG),
        "Update": Refusal(VALIDATION, errors.CANNOT_UPDATE_CONFIG),
    },
    taken=Refusal(VALIDATION, errors.CANNOT_CREATE_CONFIG),
)
