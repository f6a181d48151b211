"""Resources of any kind, made by asking the catalogue: what a kind needs first, what names it, how it is listed.

Nothing here knows a kind. Where a kind refuses an input that is valid by the model (``Kind.check``), the input is
changed one member at a time until it is taken, so that a new kind is tested by existing.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from emulator.engine.emulator import Emulator
from emulator.engine.resource import ARN_ID, Resource
from emulator.engine.store import Record
from tests.conformance import inputs
from tests.conformance.botocore_model import SHAPES, input_shape, members, output_shape, required
from tests.conformance.conftest import Reply, Send
from tests.conformance.shapes import assert_fits
from tests.conftest import ACCOUNT, REGION

Params = dict[str, Any]

MOST_CHANGES = 60

# Values that must agree with each other, which no constraint of the model says: by operation, over what is generated.
# What is None is left out.
AGREED: dict[str, Params] = {
    "CreateMonitoringSchedule": {
        "MonitoringScheduleConfig": {
            "ScheduleConfig": {"ScheduleExpression": "cron(0 12 ? * * *)"},
            "MonitoringJobDefinition": inputs.value("MonitoringJobDefinition", "MonitoringJobDefinition"),
        },
    },
    "CreateHyperParameterTuningJob": {"TrainingJobDefinitions": None},
    "CreateCluster": {
        "InstanceGroups": [
            {
                "InstanceGroupName": "workers",
                "InstanceCount": 2,
                "InstanceType": "ml.p5.48xlarge",
                "ExecutionRole": "arn:aws:iam::123456789012:role/role0",
                "TrainingPlanArn": "arn:aws:sagemaker:us-east-1:123456789012:training-plan/plan",
            }
        ],
        "NodeProvisioningMode": "Continuous",
        "Orchestrator": {"Slurm": {"SlurmConfigStrategy": "Managed"}},
    },
    "CreateClusterExtension": {"ExtensionName": "sagemaker-observability", "ExtensionVersion": "1.0.0"},
    "CreateFeatureGroup": {
        "RecordIdentifierFeatureName": "id",
        "EventTimeFeatureName": "time",
        "FeatureDefinitions": [
            {"FeatureName": "id", "FeatureType": "String"},
            {"FeatureName": "time", "FeatureType": "Fractional"},
        ],
    },
    "CreateTrainingPlan": {
        "TrainingPlanOfferingId": (  # a day of an instance for training jobs and clusters
            "tpo-449f1aadb52c-lmre6ztgmvzgs3theiwce3lmfzydklruhb4gyylsm5sselbrfqytombqgaydeobqgawdenbm"
            "gawfwituojqws3tjnzts22tpmircyitipfygk4tqn5sc2y3movzxizlsejosy3tvnrwcymc5"
        )
    },
    "UpdateClusterExtension": {"ExtensionVersion": "1.1.0"},
    "UpdateClusterSchedulerConfig": {"TargetVersion": 1},
    "UpdateComputeQuota": {"TargetVersion": 1},
}


@dataclass(frozen=True)
class Made:
    """A resource that was made: what was sent, what came back, and what the store holds."""

    resource: Resource
    sent: Params
    reply: Reply
    record: Record

    @property
    def keyed(self) -> Mapping[str, Any]:
        """The members that identify it, with their values."""
        names = next(names for names in self.resource.keys if len(names) == len(self.record.key))
        return dict(zip(names, self.record.key, strict=True))


@dataclass
class Lives:
    """What makes resources in one emulator."""

    emulator: Emulator
    send: Send
    made: dict[str, Made] = field(default_factory=dict)
    tokens: int = 0  # given out so far: no two calls are taken for one

    # --- Making -------------------------------------------------------------------------------------------------------

    def make(self, name: str, form: Callable[..., Params] = inputs.minimal, variant: int = 0) -> Made:
        """Make a resource of a kind, with all that it needs first."""
        resource = self.emulator.catalogue.resource(name)
        operation = resource.operation("Create")
        agreed = {**form(operation, variant), **AGREED.get(operation, {})}
        params = {name: value for name, value in agreed.items() if value is not None}
        params = self._one_identity(resource, params, form)
        token = self.emulator.model.input(operation).token
        if token in params:
            self.tokens += 1
            params[token] = inputs.value(members(input_shape(operation))[token], token, variant=self.tokens)
        sent, reply = self.accepted(resource, operation, params, form, variant)
        return Made(resource, sent, reply, self.newest(name))

    def needed(self, name: str) -> Made:
        """Return a resource that another one needs; it is made when it is first asked for."""
        if name not in self.made:
            self.made[name] = self.make(name)
        return self.made[name]

    def newest(self, name: str) -> Record:
        """Return the record that was made last."""
        records = self.emulator.store.place(ACCOUNT, REGION).table(name).records
        return max(records.values(), key=lambda record: record.serial)

    def accepted(
        self, resource: Resource, operation: str, params: Params, form: Callable[..., Params], variant: int
    ) -> tuple[Params, Reply]:
        """Send params, changed until they are taken: a full input loses members, a minimal one gains some."""
        sent = self.prepared(resource, params)
        reply = self.send(operation, sent)
        kept = resource.identifying if resource.kind.versions else ()
        seen: set[str] = set()
        while reply.status == 400 and reply.code != "SerializationException" and len(seen) < MOST_CHANGES:
            seen.add(reply.message)
            less, more = _less(operation, sent, kept), _more(operation, sent, variant)
            for changed in chain(less, more) if form is inputs.full else chain(more, less):
                candidate = self.prepared(resource, changed)
                answer = self.send(operation, candidate)
                assert answer.status != 500, answer.body
                if answer.status == 200 or answer.message not in seen:
                    sent, reply = candidate, answer
                    break
            else:
                break
        assert reply.status == 200, f"no input was found that {operation} takes: {reply.body}; the last was {sent}"
        return sent, reply

    def prepared(self, resource: Resource, params: Params) -> Params:
        """Return Create's params with everything they refer to made, and named as it is called."""
        params = copy.deepcopy(params)
        kind = resource.kind
        for parent in kind.parents:
            if parent.by in params:
                made = self.needed(parent.kind)
                shape = members(input_shape(resource.operation("Create")))[parent.by]
                params[parent.by] = _called(made, shape, parent.by)
                params |= {name: value for name, value in made.keyed.items() if name in params and name != parent.by}
        for reference in kind.references:
            for holder, name, shape in _holders(params, input_shape(resource.operation("Create")), reference.path):
                one = holder[name]
                if reference.kind != resource.name:
                    called = _called(self.needed(reference.kind), shape, name)
                    holder[name] = [called] if isinstance(one, list) else called
        return params

    def _one_identity(self, resource: Resource, params: Params, form: Callable[..., Params]) -> Params:
        """Of two ways to be identified, let a full input take the version and a minimal one the name of its own."""
        versions = resource.kind.versions
        if versions is None or versions.alone is None:
            return params
        if form is inputs.full:
            return {name: value for name, value in params.items() if name != versions.alone}
        shape = members(input_shape(resource.operation("Create")))[versions.alone]
        return {**params, versions.alone: inputs.value(shape, versions.alone)}

    # --- Asking -------------------------------------------------------------------------------------------------------

    def answers(self, resource: Resource, verb: str) -> bool:
        """Say whether a verb of a kind is answered by its rule."""
        operation = resource.operation(verb)
        return self.emulator.catalogue.how(operation) is not None

    def naming(self, made: Made, operation: str, variant: int = 0) -> Params:
        """Return the params by which an operation names a resource, and whatever else it requires."""
        shape = input_shape(operation)
        params: Params = {}
        for name, inner in members(shape).items():
            if name in made.keyed:
                params[name] = made.keyed[name]
            elif name not in required(shape) and (name != made.resource.arn_member or made.keyed.keys() != {ARN_ID}):
                continue
            elif name == self.emulator.model.input(operation).token:
                self.tokens += 1
                params[name] = inputs.value(inner, name, variant=self.tokens)
            elif name == made.resource.arn_member or (
                name in made.resource.identifying and _fits_text(inner, made.record.arn)
            ):
                params[name] = made.record.arn
            elif name in made.sent:
                params[name] = made.sent[name]
            else:
                generated = inputs.value(inner, name, every=False, variant=variant)
                params[name] = AGREED.get(operation, {}).get(name, generated)
        return params

    def describe(self, made: Made) -> Params:
        """Return what Describe says of a resource."""
        operation = made.resource.operation("Describe")
        reply = self.send(operation, self.naming(made, operation))
        assert reply.status == 200, reply.body
        assert_fits(reply.body, operation)
        wrapped = made.resource.wrapped(self.emulator.model.shape(str(output_shape(operation))))
        described: Params = reply.body[wrapped[0]] if wrapped else reply.body
        return described

    def listed(self, made: Made, operation: str) -> list[Params]:
        """Return the summaries that a list has."""
        params = self.naming(made, operation)
        for parent in made.resource.kind.parents:
            if parent.by in members(input_shape(operation)) and parent.by in made.sent:
                params[parent.by] = made.sent[parent.by]
        reply = self.send(operation, params)
        assert reply.status == 200, reply.body
        return next(value for name, value in reply.body.items() if isinstance(value, list))


def list_operation(emulator: Emulator, name: str) -> str | None:
    """Return the operation that lists a kind, if there is one."""
    places = emulator.catalogue._places
    return next((operation for operation, place in places.items() if place[:2] == ("List", name)), None)


# --- What stands where ------------------------------------------------------------------------------------------------


def shape_at(shape: str | None, path: str) -> str | None:
    """Return the name of the shape that a path leads to, or None if it leads nowhere."""
    for step in path.split("."):
        if shape is None:
            return None
        said = SHAPES[shape]
        shape = said["value"]["shape"] if said["type"] == "map" else members(shape).get(step.removesuffix("[]"))
        if shape is not None and step.endswith("[]"):
            shape = SHAPES[shape]["member"]["shape"] if SHAPES[shape]["type"] == "list" else None
    return shape


def _called(made: Made, shape: str, member: str) -> str:
    """Return what a member of a shape calls a resource: by its name if it may, else by its ARN."""
    if SHAPES[shape]["type"] == "list":
        shape = SHAPES[shape]["member"]["shape"]
    name, arn = str(made.record.key[-1]), made.record.arn
    by_arn = member.endswith(("Arn", "Arns")) or not _fits_text(shape, name) or len(made.record.key) > 1
    return arn if by_arn and _fits_text(shape, arn) else name


def _fits_text(shape: str, text: str) -> bool:
    said = SHAPES[shape]
    fits = said["type"] == "string" and said.get("min", 0) <= len(text) <= said.get("max", len(text))
    return fits and ("pattern" not in said or inputs.matches(said["pattern"], text))


def _holders(params: Any, shape: str, path: str) -> Iterator[tuple[Params, str, str]]:
    step, _, rest = path.partition(".")
    name = step.removesuffix("[]")
    if name not in params:
        return
    inner = members(shape)[name]
    if not rest:
        yield params, name, inner
    elif step.endswith("[]"):
        for one in params[name]:
            yield from _holders(one, SHAPES[inner]["member"]["shape"], rest)
    else:
        yield from _holders(params[name], inner, rest)


# --- Inputs that differ by one member ---------------------------------------------------------------------------------


def _structures(value: Any, shape: str, way: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Yield where structures stand in a value, with their shapes, the innermost first."""
    said = SHAPES[shape]
    if said["type"] == "structure":
        for name, inner in value.items():
            yield from _structures(inner, said["members"][name]["shape"], (*way, name))
        yield way, shape
    elif said["type"] == "list":
        for number, inner in enumerate(value):
            yield from _structures(inner, said["member"]["shape"], (*way, number))


def _at(value: Any, way: tuple[Any, ...]) -> Any:
    for step in way:
        value = value[step]
    return value


def _less(operation: str, params: Params, kept: Collection[str]) -> Iterator[Params]:
    """Yield the params with one optional member less, the innermost first; what identifies is kept."""
    for way, shape in _structures(params, input_shape(operation)):
        if SHAPES[shape].get("union"):
            continue
        for name in _at(params, way):
            if name not in required(shape) and (way or name not in kept):
                changed = copy.deepcopy(params)
                del _at(changed, way)[name]
                yield changed


def _more(operation: str, params: Params, variant: int) -> Iterator[Params]:
    """Yield the params with one optional member more."""
    for way, shape in _structures(params, input_shape(operation)):
        if SHAPES[shape].get("union"):
            continue
        for name, inner in members(shape).items():
            if name not in _at(params, way):
                changed = copy.deepcopy(params)
                _at(changed, way)[name] = inputs.value(inner, name, every=False, variant=variant)
                yield changed
