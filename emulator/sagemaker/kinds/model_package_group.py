"""Model package groups: where the versions of a model are registered, with a policy for other accounts."""

from emulator.aws import errors
from emulator.aws.errors import VALIDATION, Refusal
from emulator.engine.kind import Attribute, Kind, Listing
from emulator.engine.lifecycle import GONE, Lifecycle, Stage
from emulator.sagemaker.rules import policies

KIND = Kind(
    "ModelPackageGroup",
    # The enum has Pending and InProgress, but no one has ever seen a group in them: it is complete at once.
    lifecycle=Lifecycle(
        begins="Completed",
        calls={"Delete": {"Completed": "Deleting", "Failed": "Deleting", "DeleteFailed": "Deleting"}},
        times={"Deleting": Stage(GONE, seconds=1, failed="DeleteFailed")},
    ),
    missing=Refusal(VALIDATION, errors.ARN_DOES_NOT_EXIST),
    taken=Refusal(VALIDATION, errors.ALREADY_EXISTS_AT),
    defaults={"CreatedBy": {}},
    attributes={
        "Policy": Attribute(
            "ResourcePolicy",
            missing=Refusal(VALIDATION, errors.CANNOT_FIND_POLICY),
            nobody=Refusal(VALIDATION, errors.CANNOT_FIND),
            check=policies.check,
        )
    },
    listing=Listing(
        descending=False,
        # Groups that other accounts share would come with CrossAccount; there are none.
        choose={"CrossAccountFilterOption": lambda value, _: value == "SameAccount"},
    ),
)
