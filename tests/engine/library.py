"""A library: a made-up service in the form of the emulator's compact models, with kinds that say as little as they can.

Rack says nothing at all. Book has a life, refers to racks and (deep inside) to borrowers, and carries a policy.
Edition is a version of a book. Loan can be stopped and started. Borrower is named by the service; Card lives
inside one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from emulator.aws.call import Call
from emulator.aws.errors import Refusal, Sentence
from emulator.aws.model import ServiceModel
from emulator.engine.catalogue import Follow
from emulator.engine.changes import Teller
from emulator.engine.clock import Chance, ManualClock
from emulator.engine.emulator import Emulator
from emulator.engine.kind import Attribute, Kind, Listing, Minted, Parent, Reference, Versions
from emulator.engine.lifecycle import GONE, Lifecycle, Stage
from emulator.engine.scope import Act, Scope, Settings

ACCOUNT, REGION = "111122223333", "eu-west-1"

_HEADER = {
    "service": "library",
    "version": "1",
    "botocore": "none",
    "target": "Library",
    "json": "1.1",
    "errors": ["ConflictException", "ResourceInUse", "ResourceNotFound"],
}

# Operation: members of the input (! required), members of the output (None: no body), errors.
_OPERATIONS: dict[str, tuple[str, str | None, list[str]]] = {
    "CreateRack": (
        "RackName! Label Room Genres Rows Secret Tags:TagList ClientToken",
        "RackArn!",
        ["ResourceInUse", "ConflictException"],
    ),
    "DescribeRack": (
        "RackName!",
        "RackName! RackArn! Label Room Genres Rows CreationTime LastModifiedTime",
        ["ResourceNotFound"],
    ),
    "UpdateRack": ("RackName! Label Room GenresToAdd:Genres GenresToRemove:Names RowsToAdd:Rows Dropped:Names", "", []),
    "DeleteRack": ("RackName!", None, ["ResourceNotFound"]),
    "ListRacks": (
        (
            "NextToken MaxResults SortBy SortOrder NameContains:Name NamePrefix:Name Label CreationTimeAfter:Time "
            "CreationTimeBefore:Time"
        ),
        "Racks! NextToken",
        [],
    ),
    "CreateBook": ("BookName! RackName:RackNameOrArn Authors Tags:TagList Pages:Number", "BookArn!", ["ResourceInUse"]),
    "DescribeBook": (
        "BookName!",
        (
            "BookName! BookArn! RackName:RackNameOrArn Authors BookStatus FailureReason Pages:Number Spine "
            "CreationTime LastModifiedTime"
        ),
        [],
    ),
    "UpdateBook": ("BookName! Pages:Number Authors", "BookArn!", []),
    "DeleteBook": ("BookName!", None, []),
    "ListBooks": ("NextToken MaxResults SortBy SortOrder StatusEquals:BookStatus", "Books NextToken", []),
    "PutBookPolicy": ("BookName! Policy!", "BookArn!", []),
    "GetBookPolicy": ("BookName!", "Policy!", []),
    "DeleteBookPolicy": ("BookName!", None, []),
    "CreateEdition": ("BookName! Publisher:Label Aliases:Names Tags:TagList", "EditionArn!", ["ResourceNotFound"]),
    "DescribeEdition": (
        "BookName! EditionNumber:Number Alias:Name",
        "BookArn EditionArn EditionNumber:Number Publisher:Label CreationTime LastModifiedTime",
        ["ResourceNotFound"],
    ),
    "UpdateEdition": (
        "BookName! EditionNumber:Number Alias:Name Publisher:Label AliasesToAdd:Names AliasesToDelete:Names",
        "",
        [],
    ),
    "DeleteEdition": ("BookName! EditionNumber:Number Alias:Name", None, []),
    "ListEditions": ("BookName! NextToken MaxResults SortBy SortOrder", "Editions NextToken", []),
    "CreateLoan": ("LoanName! BookName", "LoanArn!", ["ResourceInUse"]),
    "DescribeLoan": ("LoanName!", "LoanName! LoanArn! LoanStatus Phase Phases EndTime FailureReason CreationTime", []),
    "StopLoan": ("LoanName!", None, ["ConflictException"]),
    "StartLoan": ("LoanName!", None, []),
    "ListLoans": ("NextToken MaxResults SortBy SortOrder", "Loans NextToken", []),
    "CreateBorrower": ("BorrowerName! Tags:TagList", "BorrowerArn BorrowerId", []),
    "DescribeBorrower": ("BorrowerId!", "BorrowerId BorrowerArn BorrowerName CreationTime", ["ResourceNotFound"]),
    "DeleteBorrower": ("BorrowerId!", None, []),
    "CreateCard": ("BorrowerId! CardName!", "CardArn", ["ResourceInUse", "ResourceNotFound"]),
    "DescribeCard": ("BorrowerId! CardName!", "BorrowerArn BorrowerId CardName CardArn", ["ResourceNotFound"]),
    "DeleteCard": ("BorrowerId! CardName!", None, []),
    "ListCards": ("BorrowerId NextToken MaxResults", "Cards NextToken", []),
    "BurnDown": ("Reason:Label", "", []),
    "CountRacks": ("", "Total:Number", []),
}

_NAME = {"type": "string", "min": 1, "max": 20, "pattern": "[a-zA-Z0-9](-*[a-zA-Z0-9])*"}
_LABEL = {"type": "string", "max": 64}
_TIME = {"type": "timestamp"}
_LIFE = ["Creating", "Available", "Updating", "Deleting", "Failed", "DeleteFailed"]

_SHAPES: dict[str, dict[str, Any]] = {
    **dict.fromkeys(("Name", "BookName", "LoanName", "CardName", "BorrowerName", "BorrowerId"), _NAME),
    "RackName": {"type": "string", "min": 1, "max": 20, "pattern": "[a-zA-Z0-9](-*[a-zA-Z0-9])*"},
    **dict.fromkeys(
        ("Label", "FailureReason", "Spine", "Phase", "ClientToken", "NextToken", "Secret", "Policy"), _LABEL
    ),
    "RackArn": {"type": "string", "pattern": r"arn:aws[a-z\-]*:library:[a-z0-9\-]*:[0-9]{12}:bookcase/.*"},
    **{key: {"type": "string"} for key in ("BookArn", "EditionArn", "LoanArn", "BorrowerArn", "CardArn")},
    "RackNameOrArn": {"type": "string"},
    "Number": {"type": "integer"},
    "MaxResults": {"type": "integer", "min": 1, "max": 100},
    "SortBy": {"type": "string", "enum": ["Name", "CreationTime", "LastModifiedTime", "Label"]},
    "SortOrder": {"type": "string", "enum": ["Ascending", "Descending"]},
    **dict.fromkeys(("Time", "CreationTime", "LastModifiedTime", "EndTime"), _TIME),
    "BookStatus": {"type": "string", "enum": _LIFE},
    "LoanStatus": {"type": "string", "enum": ["InProgress", "Completed", "Stopping", "Stopped", "Failed"]},
    "Names": {"type": "list", "member": "Name"},
    "Genres": {"type": "map", "key": "Name", "value": "Label", "max": 3},
    "Rows": {"type": "list", "member": "Label", "max": 3},
    "Room": {"type": "structure", "members": {"Floor": "Number", "Wing": "Label"}, "required": ["Floor"]},
    "Author": {"type": "structure", "members": {"BorrowerId": "BorrowerId", "Role": "Label"}},
    "Authors": {"type": "list", "member": "Author"},
    "Tag": {"type": "structure", "members": {"Key": "Label", "Value": "Label"}, "required": ["Key", "Value"]},
    "TagList": {"type": "list", "member": "Tag"},
    "PhaseEntry": {"type": "structure", "members": {"Status": "Label", "StartTime": "Time", "EndTime": "Time"}},
    "Phases": {"type": "list", "member": "PhaseEntry"},
    "RackSummary": {
        "type": "structure",
        "members": {"RackName": "RackName", "RackArn": "RackArn", "RackLabel": "Label", "CreationTime": "Time"},
    },
    "Racks": {"type": "list", "member": "RackSummary"},
    "BookSummary": {"type": "structure", "members": {"BookName": "BookName", "BookStatus": "BookStatus"}},
    "Books": {"type": "list", "member": "BookSummary"},
    "EditionSummary": {"type": "structure", "members": {"EditionNumber": "Number", "EditionArn": "EditionArn"}},
    "Editions": {"type": "list", "member": "EditionSummary"},
    "LoanSummary": {"type": "structure", "members": {"LoanName": "LoanName", "LoanStatus": "LoanStatus"}},
    "Loans": {"type": "list", "member": "LoanSummary"},
    "CardSummary": {"type": "structure", "members": {"CardName": "CardName", "BorrowerId": "BorrowerId"}},
    "Cards": {"type": "list", "member": "CardSummary"},
}


def _structure(said: str) -> dict[str, Any]:
    words = [word.partition(":") for word in said.replace("!", "").split()]
    shape: dict[str, Any] = {"type": "structure", "members": {name: of or name for name, _, of in words}}
    shape["required"] = [word.partition("!")[0] for word in said.split() if word.endswith("!")]
    if "ClientToken" in shape["members"]:
        shape["token"] = "ClientToken"  # noqa: S105 - the name of a member
    return shape


def model_text() -> bytes:
    """Return the library's model in the form of the files in emulator/aws/models."""
    shapes = dict(_SHAPES)
    operations = {}
    for name, (takes, gives, errors) in _OPERATIONS.items():
        shapes[f"{name}Input"] = _structure(takes)
        if gives is not None:
            shapes[f"{name}Output"] = _structure(gives)
        operations[name] = [f"{name}Input", None if gives is None else f"{name}Output", errors]
    return compact(_HEADER, operations, shapes)


def compact(header: dict[str, Any], operations: dict[str, Any], shapes: dict[str, Any]) -> bytes:
    """Return a model in the form of those files."""
    lines = [json.dumps(header), json.dumps(operations)]
    return "".join(
        f"{line}\n" for line in lines + [f"{name}\t{json.dumps(of)}" for name, of in sorted(shapes.items())]
    ).encode()


def sentence(text: str) -> Sentence:
    """Return a sentence of the library's own."""
    return Sentence(text, "D", "made up")


LOAN_LIFE = Lifecycle(
    begins="Fetching",
    calls={"Stop": {"Fetching": "Stopping", "Reading": "Stopping"}, "Start": {"Stopped": "Fetching"}},
    times={
        "Fetching": Stage("Reading", seconds=2),
        "Reading": Stage("Done", seconds=10, failed="Lost"),
        "Stopping": Stage("Stopped", seconds=1),
    },
    shows={"Fetching": "InProgress", "Reading": "InProgress", "Done": "Completed", "Lost": "Failed"},
)

KINDS = {
    "Book": Kind(
        "Book",
        taken=Refusal("ResourceInUse", sentence("{title} {name} ({arn}) is on the rack already")),
        missing=Refusal("ValidationException", sentence("no {noun} {name}")),
        defaults={"Authors[].Role": "writer", "Pages": 100},
        made={"Authors[].Signature": lambda holder, making: None},
        shown={"Spine": lambda making: f"{making.members['BookName']} {making.state.status if making.state else ''}"},
        references=(Reference("RackName", "Rack"), Reference("Authors[].BorrowerId", "Borrower")),
        attributes={"Policy": Attribute("Policy", Refusal("ValidationException", sentence("no policy on {name}")))},
    ),
    "Edition": Kind(
        "Edition",
        arn="edition/{BookName:lower}/{EditionNumber}",
        parents=(
            Parent(
                "Book",
                "BookName",
                ready=frozenset({"Available"}),
                not_ready=Refusal("ValidationException", sentence("{name} is not ready")),
            ),
        ),
        versions=Versions(
            "EditionNumber",
            alias="Alias",
            aliases="Aliases",
            no_latest=Refusal("ResourceNotFound", sentence("{parent_name} has no edition")),
            no_alias=Refusal("ResourceNotFound", sentence("{parent_name} has no {alias}")),
            untagged=Refusal("ValidationException", sentence("tag the {parent}, not the {title}")),
        ),
    ),
    "Loan": Kind(
        "Loan",
        lifecycle=LOAN_LIFE,
        secondary="Phase",
        history="Phases",
        moments={"EndTime": ("Done", "Stopped", "Lost")},
    ),
    "Borrower": Kind("Borrower", minted={"BorrowerId": Minted("b-", 8)}),
    "Card": Kind(
        "Card",
        parents=(
            Parent("Borrower", "BorrowerId", orphans=Refusal("ConflictException", sentence("{name} has {children}"))),
        ),
        listing=Listing(page=2),
    ),
}

GONE_AT_ONCE = Lifecycle("Available", times={"Deleting": Stage(GONE)}, calls={"Delete": {"Available": "Deleting"}})


class Declarations:
    """The library's kinds, and one operation that is no verb of any."""

    def __init__(self, kinds: Mapping[str, Kind] = KINDS) -> None:
        self._kinds = kinds
        self.declared = frozenset(kinds)
        self.kinds = frozenset({"Rack", *kinds})
        self.operations = frozenset({"CountRacks"})
        self.working: frozenset[str] = frozenset()
        self.followed: list[tuple[str, str | None, str | None]] = []
        self.changed: list[tuple[str, dict[str, Any], dict[str, Any]]] = []

    def kind(self, name: str) -> Kind:
        return self._kinds.get(name, Kind(name))

    def operation(self, name: str) -> Act:
        def count(scope: Scope, _: Mapping[str, Any]) -> dict[str, Any]:
            return {"Total": len(scope.table(scope.resources.resource("Rack")).records)}

        return {"CountRacks": count}[name]

    def changes(self, kind: str) -> list[Follow]:
        def note(_: Scope, resource: Any, old: Any, new: Any) -> None:
            self.changed.append((resource.name, old.members, new.members))

        return [note]

    def follows(self, kind: str) -> list[Follow]:
        def note(_: Scope, resource: Any, old: Any, new: Any) -> None:
            status = [one and one.state and one.state.status for one in (old, new)]
            self.followed.append((resource.name, status[0], status[1]))

        return [note] if kind == "Loan" else []


class Library:
    """An emulator of the library, and short words for its calls."""

    def __init__(self, kinds: Mapping[str, Kind] = KINDS, teller: Teller | None = None) -> None:
        self.clock = ManualClock()
        self.declarations = Declarations(kinds)
        settings = Settings(account=ACCOUNT, region=REGION)
        model = ServiceModel(model_text())
        self.emulator = Emulator(model, self.declarations, settings, self.clock, Chance(0), teller=teller)

    def __call__(self, operation: str, *, account: str = ACCOUNT, region: str = REGION, **params: Any) -> Any:
        """Call an operation."""
        return self.emulator.answer(Call(operation, params, account, region))
