"""The life of every declared kind, driven by nothing but its declaration and the model: a new kind is tested too."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from emulator.aws.errors import Refusal
from emulator.engine.emulator import Emulator
from emulator.engine.lifecycle import GONE, Lifecycle, Pace, State
from emulator.engine.listing import List
from emulator.engine.resource import Resource
from emulator.sagemaker.service import sagemaker
from tests.conformance import inputs
from tests.conformance.botocore_model import MODEL, SHAPES, input_shape, members, output_shape
from tests.conformance.conftest import Reply, Send
from tests.conformance.inputs import full, minimal
from tests.conformance.lives import Lives, Made, list_operation, shape_at
from tests.conformance.patterns import matches
from tests.conformance.shapes import assert_fits, value_misfits
from tests.conftest import ACCOUNT, REGION

# Members that Create takes and Describe does not give back as sent, by kind and member, with the reason.
NOT_ECHOED: dict[tuple[str, str], str] = {
    ("Cluster", "InstanceGroups"): "Describe says of every group how many nodes it has",
    ("Cluster", "RestrictedInstanceGroups"): "Describe says of every group how many nodes it has",
    ("Cluster", "RestrictedInstanceGroupsConfig"): "Describe says what is there and what is wanted",
    ("EdgeDeploymentPlan", "Stages"): "Describe says of every stage how far it is",
    ("InferenceRouter", "RoutingTargets"): "Describe says of every destination whether it can be reached",
}

# Members that Describe shows though nobody sent them and no rule of the engine makes them, with the reason.
INVENTED: dict[tuple[str, str], str] = {
    ("ClusterSchedulerConfig", "ClusterSchedulerConfigVersion"): "every update makes the next one",
    ("ComputeQuota", "ComputeQuotaVersion"): "every update makes the next one",
    ("Cluster", "InstanceGroups"): "the groups that are given up are not shown any more",
    ("TrainingPlan", "CurrencyCode"): "it comes with the offering",
    ("TrainingPlan", "DurationHours"): "it comes with the offering",
    ("TrainingPlan", "DurationMinutes"): "it comes with the offering",
    ("TrainingPlan", "EndTime"): "it comes with the offering",
    ("TrainingPlan", "StartTime"): "it comes with the offering",
    ("TrainingPlan", "TargetResources"): "it comes with the offering",
    ("TrainingPlan", "TotalInstanceCount"): "it comes with the offering",
    ("TrainingPlan", "UpfrontFee"): "it comes with the offering",
    ("Endpoint", "LastDeploymentConfig"): "the DeploymentConfig of the last create or update",
    ("InferenceComponent", "VariantName"): "a component that names no variant is put on the endpoint's first one",
    ("InferenceExperiment", "EndpointMetadata"): "an operation of its own shows how the endpoint is now",
    ("EdgeDeploymentPlan", "EdgeDeploymentFailed"): "counted over the devices of the stages",
    ("EdgeDeploymentPlan", "EdgeDeploymentPending"): "counted over the devices of the stages",
    ("EdgeDeploymentPlan", "EdgeDeploymentSuccess"): "counted over the devices of the stages",
    ("EdgeDeploymentPlan", "Stages"): "there are none yet",
    ("AutoMLJob", "BestCandidate"): "found while the job ran",
    ("AutoMLJob", "ModelDeployResult"): "the endpoint that was made when the job completed",
    ("HyperParameterTuningJob", "BestTrainingJob"): "found while the job ran",
    ("HyperParameterTuningJob", "ConsumedResources"): "counted while the job ran",
    ("HyperParameterTuningJob", "ObjectiveStatusCounters"): "counted while the job ran",
    ("HyperParameterTuningJob", "OverallBestTrainingJob"): "found while the job ran",
    ("HyperParameterTuningJob", "TrainingJobStatusCounters"): "counted while the job ran",
    ("HyperParameterTuningJob", "TuningJobCompletionDetails"): "counted while the job ran",
    ("TrainingJob", "FinalMetricDataList"): "measured while the job ran",
    ("Pipeline", "PipelineVersionAliases"): "an update of the definition makes a version, which has none yet",
    ("ModelCard", "ModelCardVersion"): "the latest one is shown where none is named",
    ("ModelCardExportJob", "ModelCardVersion"): "the latest one is exported where none is named",
    ("MonitoringSchedule", "EndpointName"): "what its definition monitors",
    ("MonitoringSchedule", "MonitoringType"): "that of its definition",
    ("PipelineExecution", "MLflowConfig"): "it is sent as MlflowExperimentName",
    ("PipelineExecution", "PipelineVersionId"): "it runs the latest version where none is named",
}

# Members that a list shows otherwise than Describe, with the reason.
SHOWN_OTHERWISE: dict[tuple[str, str], str] = {}

# Kinds of which a second create is answered with what is there, with the reason.
MADE_ONCE = {"Artifact": "what has the same source and type is the same artifact"}

# Patterns of the model that no ARN can meet, by kind, with the reason.
UNMEETABLE_ARNS = {"DeviceFleet": "the model has the form of a role there"}

# Kinds whose status no Describe of their own shows, with the reason.
SHOWN_BY_OTHERS = {
    "ClusterNode": "its status stands inside InstanceStatus",
    "EdgeDeploymentStage": "the plan's Describe shows its stages",
}

VERBS = ("Create", "Describe", "Update", "Delete", "Start", "Stop")

CATALOGUE = sagemaker().catalogue
RESOURCES = [one for one in CATALOGUE.resources() if one.name in CATALOGUE._declarations.declared]
DECLARED = [one.name for one in RESOURCES]


def having(*verbs: str) -> list[str]:
    """Return the declared kinds whose verbs are all answered."""
    return [one.name for one in RESOURCES if all(CATALOGUE.how(one.operation(verb)) for verb in verbs)]


@pytest.fixture
def lives(emulator: Emulator, send: Send) -> Lives:
    return Lives(emulator, send)


# --- Create and Describe ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [minimal, full])
@pytest.mark.parametrize("name", having("Create"))
def test_create_answers_its_shape_with_the_arn_of_the_new_resource(
    name: str, form: Callable[..., Any], lives: Lives
) -> None:
    made = lives.make(name, form)

    operation = made.resource.operation("Create")
    assert_fits(made.reply.body, operation)
    if made.resource.arn_member in members(output_shape(operation)):
        assert made.reply.body[made.resource.arn_member] == made.record.arn


@pytest.mark.parametrize("form", [minimal, full])
@pytest.mark.parametrize("name", having("Create", "Describe"))
def test_describe_gives_back_what_was_sent(name: str, form: Callable[..., Any], lives: Lives) -> None:
    made = lives.make(name, form)

    described = lives.describe(made)

    for sent, value in made.sent.items():
        member = made.resource.kind.renamed.get(sent, sent)
        if member in echoed(made.resource):
            assert member in described, f"{member} is not given back"
            wrong = list(differences(value, described[member], made.resource.shown_members[member], member, made))
            assert not wrong, wrong


@pytest.mark.parametrize("form", [minimal, full])
@pytest.mark.parametrize("name", having("Create", "Describe"))
def test_describe_invents_nothing(name: str, form: Callable[..., Any], lives: Lives) -> None:
    made = lives.make(name, form)

    described = lives.describe(made)

    invented = {one for one in described.keys() - made.sent.keys() if (name, one) not in INVENTED}
    assert invented <= made_by_the_service(made)


@pytest.mark.parametrize("name", having("Create", "Describe"))
def test_what_is_described_twice_is_described_the_same(name: str, lives: Lives) -> None:
    made = lives.make(name, full)

    assert lives.describe(made) == lives.describe(made)


# --- List -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [minimal, full])
@pytest.mark.parametrize("name", [one for one in having("Create") if list_operation(sagemaker(), one)])
def test_a_list_shows_it_as_describe_does(
    name: str, form: Callable[..., Any], lives: Lives, emulator: Emulator
) -> None:
    made = lives.make(name, form)
    operation = str(list_operation(emulator, name))

    listed = lives.listed(made, operation)

    assert len(listed) == 1
    [summary] = listed
    if lives.answers(made.resource, "Describe"):
        described = lives.describe(made)
        shared = {one for one in summary.keys() & described.keys() if (name, one) not in SHOWN_OTHERWISE}
        assert {one: summary[one] for one in shared} == {one: cut(described[one], summary[one]) for one in shared}
    for member in summary.keys() & made.keyed.keys():
        assert summary[member] == made.keyed[member]


# --- Update -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", having("Create", "Describe", "Update"))
def test_update_changes_what_was_sent_and_nothing_else(name: str, lives: Lives) -> None:
    made = lives.make(name, full)
    operation = made.resource.operation("Update")
    naming = lives.naming(made, operation, variant=1)
    accepted = 0
    bring_to_rest(made, lives, "Update")

    optional = [one for one in full(operation, 1) if one not in naming]
    for member in optional or [None]:
        before = lives.describe(made)
        sent = {**naming, **({member: full(operation, 1)[member]} if member else {})}
        reply = lives.send(operation, sent)
        after = lives.describe(made)
        if reply.status == 400:  # it breaks a rule of the kind's own
            assert after == before, f"a refused update changed {member}"
            continue
        assert_fits(reply.body, operation)
        accepted += 1
        changed = {one for one in before.keys() | after.keys() if before.get(one) != after.get(one)}
        assert changed <= meant(made.resource, sent) | moving(made.resource)
        if member in after and member in echoed(made.resource) - made.resource.grown - made.resource.kind.update.merged:
            shape = made.resource.shown_members[member]
            assert not list(differences(sent[member], after[member], shape, member, made))

    assert accepted


# --- What is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", having("Create"))
def test_a_second_create_is_refused_as_taken_unless_the_service_makes_the_name(
    name: str, lives: Lives, emulator: Emulator
) -> None:
    made = lives.make(name)
    operation = made.resource.operation("Create")
    records = emulator.store.place(ACCOUNT, REGION).table(name).records
    if lives.answers(made.resource, "Describe"):
        lives.describe(made)  # what time brings has come before
    before = {key: record.packed for key, record in records.items()}

    token = emulator.model.input(operation).token
    fresh = {token: inputs.value(members(input_shape(operation))[token], token, variant=9)} if token else {}
    reply = lives.send(operation, {**made.sent, **fresh})

    if made.keyed.keys() <= made.sent.keys():
        assert_refused(reply, made.resource.taken)
        assert {key: record.packed for key, record in records.items()} == before
    elif reply.status == 200:
        assert len(records) == len(before) + (name not in MADE_ONCE)
    else:
        assert_refused(reply, made.resource.taken)


@pytest.mark.parametrize("verb", ["Describe", "Update", "Delete", "Stop", "Start"])
@pytest.mark.parametrize("name", having("Create"))
def test_what_is_not_there_is_refused_as_missing(name: str, verb: str, lives: Lives, emulator: Emulator) -> None:
    made = lives.make(name)
    operation = made.resource.operation(verb)
    emulator.store.place(ACCOUNT, REGION).table(name).remove(made.record)

    if emulator.catalogue.how(operation) == "declared":
        missing = made.resource.kind.missing_to.get(verb, made.resource.missing)
        assert_refused(lives.send(operation, lives.naming(made, operation)), missing)
    else:
        assert verb != "Create"


# --- Delete -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", having("Create", "Delete"))
def test_what_was_deleted_is_gone_and_cannot_be_deleted_again(name: str, lives: Lives, emulator: Emulator) -> None:
    made = lives.make(name)
    operation = made.resource.operation("Delete")
    naming = lives.naming(made, operation)
    bring_to_rest(made, lives, "Delete")

    reply = lives.send(operation, naming)

    assert reply.status == 200, reply.body
    assert_fits(reply.body, operation)
    if made.resource.kind.ended:  # it is shown for a while as what it was
        assert lives.send(operation, lives.naming(made, operation)).status == 400
        assert lives.describe(made)[str(made.resource.status_member)] in made.resource.kind.ended
    elif end_of(made.resource.lifecycle, "Delete") == GONE:
        missing = made.resource.kind.missing_to
        assert_refused(
            lives.send(operation, lives.naming(made, operation)), missing.get("Delete", made.resource.missing)
        )
        assert made.record.key not in emulator.store.place(ACCOUNT, REGION).table(name).records
        lists = list_operation(emulator, name)
        if lists:
            assert lives.listed(made, lists) == []
    else:
        assert lives.describe(made)[made.resource.status_member] == end_of(made.resource.lifecycle, "Delete")


@pytest.mark.parametrize("name", having("Create", "Delete"))
def test_a_name_is_free_again_after_delete(name: str, lives: Lives) -> None:
    made = lives.make(name)
    operation = made.resource.operation("Delete")
    bring_to_rest(made, lives, "Delete")
    lives.send(operation, lives.naming(made, operation))

    again = lives.make(name, variant=0)

    assert again.record.serial > made.record.serial


# --- Tags -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", [one for one in having("Create") if CATALOGUE.resource(one).taggable and CATALOGUE.how("AddTags")]
)
def test_tags_are_listed_as_they_were_put_on_and_taken_off(name: str, lives: Lives) -> None:
    made = lives.make(name)
    arn = {"ResourceArn": made.record.arn}

    lives.send("AddTags", {**arn, "Tags": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]})
    lives.send("AddTags", {**arn, "Tags": [{"Key": "a", "Value": "3"}]})
    tags = lives.send("ListTags", arn).body["Tags"]
    lives.send("DeleteTags", {**arn, "TagKeys": ["a", "unknown"]})
    left = lives.send("ListTags", arn).body["Tags"]

    assert {"Key": "a", "Value": "3"} in tags
    assert {"Key": "b", "Value": "2"} in tags
    assert [one for one in tags if one["Key"] != "a"] == left


@pytest.mark.parametrize(
    "name", [one for one in having("Create") if CATALOGUE.resource(one).taggable and CATALOGUE.how("AddTags")]
)
def test_tags_can_be_given_at_birth(name: str, lives: Lives) -> None:
    made = lives.make(name)
    operation = made.resource.operation("Create")
    lives.emulator.store.reset()
    lives.made.clear()
    sent = {**made.sent, "Tags": [{"Key": "team", "Value": "a"}]}

    reply = lives.send(operation, lives.prepared(made.resource, sent))

    assert reply.status == 200, reply.body
    listed = lives.send("ListTags", {"ResourceArn": lives.newest(name).arn})
    assert listed.body["Tags"] == [{"Key": "team", "Value": "a"}]


# --- Lifecycle --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [one.name for one in RESOURCES if one.lifecycle and one.name not in SHOWN_BY_OTHERS])
def test_a_lifecycle_names_statuses_of_the_models_enum_only(name: str) -> None:
    resource = CATALOGUE.resource(name)
    life = resource.lifecycle
    assert life
    assert resource.status_member

    shown = {life.shown(one) for one in statuses(life)} if hasattr(life, "shown") else statuses(life)

    described = shape_of(resource, resource.status_member)
    assert described is None or shown - {""} <= set(SHAPES[described]["enum"])
    if resource.kind.secondary and resource.kind.secondary not in resource.kind.shown:
        phases = SHAPES[str(shape_of(resource, resource.kind.secondary))].get("enum")
        assert phases is None or statuses(life) <= set(phases)


@pytest.mark.parametrize("name", [one.name for one in RESOURCES if one.lifecycle])
def test_every_stage_of_a_lifecycle_can_be_entered_and_time_ends_it(name: str) -> None:
    life = CATALOGUE.resource(name).lifecycle
    assert life

    entered = {life.begins} | {to for moves in life.calls.values() for to in moves.values()}
    entered |= {one for stage in life.times.values() for one in (stage.then, stage.failed) if one is not None}

    assert set(life.times) <= entered, "a stage that nothing leads to"
    for status in entered:
        for _ in life.times:
            status = life.times[status].then if status in life.times else status  # noqa: PLW2901 - it walks on
        assert status not in life.times, "time turns in a circle"


@pytest.mark.parametrize("verb", ["Stop", "Start", "Delete"])
@pytest.mark.parametrize("name", [one for one in having("Create") if CATALOGUE.resource(one).lifecycle])
def test_a_call_moves_a_status_as_the_lifecycle_says_or_is_refused(
    name: str, verb: str, lives: Lives, emulator: Emulator
) -> None:
    resource = emulator.catalogue.resource(name)
    life = resource.lifecycle
    assert life
    made = lives.make(name)
    emulator.settings = replace(emulator.settings, pace=Pace("manual"))
    operation = resource.operation(verb)
    table = emulator.store.place(ACCOUNT, REGION).table(name)

    for status in sorted(statuses(life)) if emulator.catalogue.how(operation) == "declared" else ():
        table.put(made.record._replace(state=State(status, made.record.created)), moving=status in life.times)
        reply = lives.send(operation, lives.naming(made, operation))
        wanted = life.move(verb, status)
        now = table.records.get(made.record.key)
        if wanted is None:
            assert reply.status == 400, f"{verb} in {status} was not refused"
            assert now
            assert now.state
            assert now.state.status == status
        else:
            assert reply.status == 200, reply.body
            expected = None if verb == "Delete" and wanted in (status, GONE) else wanted
            assert (now and now.state and now.state.status) == expected
    assert life.begins in statuses(life)


# --- Names and ARNs ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [minimal, full])
@pytest.mark.parametrize("name", [one for one in having("Create") if CATALOGUE.resource(one).arn_member])
def test_an_arn_has_the_models_form_and_leads_back_to_its_resource(
    name: str, form: Callable[..., Any], lives: Lives, emulator: Emulator
) -> None:
    made = lives.make(name, form)
    arn = made.record.arn

    shape = {**made.resource.shown_members, **members(output_shape(made.resource.operation("Create")))}
    pattern = SHAPES[shape[str(made.resource.arn_member)]].get("pattern")
    with emulator.at(ACCOUNT, REGION) as scope:
        found = scope.by_arn(arn)

    assert arn.startswith(f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:")
    pattern = None if name in UNMEETABLE_ARNS else pattern
    # Some patterns of the model have no room for the digit in the name of a region.
    assert pattern is None or matches(pattern, arn) or matches(pattern, arn.replace(REGION, REGION.rstrip("123456789")))
    assert found
    assert found[0] is made.resource
    assert found[1].key == made.record.key


# --- Declarations -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DECLARED)
def test_every_declared_path_leads_to_a_member_of_the_model(name: str) -> None:
    resource = CATALOGUE.resource(name)

    missing = [
        f"{what} {path}"
        for what, path, shapes in declared(resource)
        if not any(shape_at(shape, path) for shape in shapes)
    ]

    assert not missing


@pytest.mark.parametrize("name", DECLARED)
def test_every_declared_default_is_a_value_of_its_shape(name: str) -> None:
    resource = CATALOGUE.resource(name)

    wrong = [
        fault
        for path, value in resource.kind.defaults.items()
        if (shape := shape_at(described_shape(resource), path)) is not None
        for fault in value_misfits(value, shape, path)
    ]

    assert not wrong


@pytest.mark.parametrize("name", DECLARED)
def test_a_kind_is_called_as_its_file_and_refers_to_kinds_that_exist(name: str) -> None:
    kind = CATALOGUE.resource(name).kind

    assert kind.name == name
    assert {one.kind for one in kind.references} <= CATALOGUE.kinds
    assert {one.kind for one in kind.parents} <= CATALOGUE.kinds
    assert kind.versions is None or kind.parents


@pytest.mark.parametrize("exceptions", [NOT_ECHOED, INVENTED, SHOWN_OTHERWISE])
def test_an_exception_is_about_a_member_that_exists(exceptions: dict[tuple[str, str], str]) -> None:
    for name, member in exceptions:
        assert member in CATALOGUE.resource(name).shown_members


# --- The measures -----------------------------------------------------------------------------------------------------


def assert_refused(reply: Reply, refusal: Refusal) -> None:
    """Fail unless a call was refused with a refusal's code and sentence, whatever words fill it."""
    assert (reply.status, reply.code) == (400, refusal.code), reply.body
    blanks = re.split(r"\{\w+\}", refusal.sentence.text)
    assert re.fullmatch(".*".join(map(re.escape, blanks)), reply.message, re.DOTALL), reply.message


def described_shape(resource: Resource) -> str:
    """Return the shape of what Describe says; of Create's input where nothing describes the kind."""
    operation = resource.operation("Describe")
    if operation not in MODEL["operations"]:
        return input_shape(resource.operation("Create"))
    wrapped = resource.wrapped(CATALOGUE.model.shape(str(output_shape(operation))))
    return wrapped[1].name if wrapped else str(output_shape(operation))


def shape_of(resource: Resource, member: str) -> str | None:
    """Return the shape of a member of Describe; None if only lists and others' answers show it."""
    return resource.shown_members.get(member)


def declared(resource: Resource) -> Iterator[tuple[str, str, list[str]]]:
    """Yield what a kind declares about members: in which word, by which path, and in which shapes it may be."""
    kind = resource.kind
    listing = list_operation(sagemaker(), kind.name)
    taken = {verb: input_shape(one) for verb in VERBS if (one := resource.operation(verb)) in MODEL["operations"]}
    taken |= {"List": input_shape(listing)} if listing else {}
    given = [described_shape(resource)] if {"Describe", "Create"} & taken.keys() else []
    given += [str(output_shape(one)) for one in MODEL["operations"] if one.startswith(f"Describe{kind.name}V")]
    given += [List(resource, listing).element.name] if listing else []
    update, create = [taken[verb] for verb in ("Update",) if verb in taken], taken.get("Create")
    yield from (("shown", path, given) for path in (*kind.defaults, *kind.made, *kind.shown))
    yield from (("moving", path, given) for path in (kind.status, kind.secondary, kind.history, *kind.moments) if path)
    yield from (("reference", one.path, [create]) for one in kind.references if create)
    yield from (("parent", one.by, list(taken.values())) for one in kind.parents)
    yield from (
        ("update", path, update) for path in (*kind.update.emptied, *kind.update.clears, kind.update.drops) if path
    )
    yield from (("listing", path, [taken["List"]]) for path in (*kind.listing.choose, *kind.listing.implied))
    if kind.versions:
        yield "number", kind.versions.number, [*given, *taken.values()]
        names = (kind.versions.alone, kind.versions.alias, kind.versions.aliases)
        yield from (("versions", path, list(taken.values())) for path in names if path)


def echoed(resource: Resource) -> frozenset[str]:
    """Return the members that Describe must give back as they were sent."""
    computed = set(resource.kind.shown) | resource.identifying | moving(resource)
    excepted = {member for name, member in NOT_ECHOED if name == resource.name}
    return frozenset(resource.shown_members) - computed - excepted


def moving(resource: Resource) -> set[str]:
    """Return the members that change without being sent: status and times, and what is computed when it is read."""
    kind = resource.kind
    named = {resource.status_member, resource.modified_member, resource.reason_member, kind.secondary, kind.history}
    return {one for one in named if one} | set(kind.moments) | set(kind.shown)


def made_by_the_service(made: Made) -> set[str]:
    """Return the members that a rule of the engine, or the kind's declaration, puts into Describe."""
    resource, kind = made.resource, made.resource.kind
    ruled = {*made.keyed, resource.arn_member, "Arn", resource.created_member, *moving(resource)}
    for parent in kind.parents:
        ruled |= {CATALOGUE.resource(parent.kind).arn_member, *(name for names in resource.keys for name in names)}
    ruled |= {path.partition(".")[0].removesuffix("[]") for path in (*kind.defaults, *kind.made)}
    return {one for one in ruled if one} | set(resource.minted) | set(kind.renamed.values())


def differences(sent: Any, shown: Any, shape: str, path: str, made: Made) -> Iterator[str]:
    """Yield where a shown value is not the sent one; members that its shape lacks, and declared ones, do not count."""
    said = SHAPES[shape]
    if said["type"] == "structure" and isinstance(sent, dict):
        added = {paths_of.rpartition(".")[2] for paths_of in _declared_below(made.resource, path)}
        for name in sorted(sent.keys() & said["members"].keys()):
            if name not in shown:
                yield f"{path}.{name} is not given back"
            else:
                inner = said["members"][name]["shape"]
                yield from differences(sent[name], shown[name], inner, f"{path}.{name}", made)
        yield from (f"{path}.{name} is invented" for name in shown.keys() - sent.keys() - added)
    elif said["type"] == "list" and isinstance(sent, list):
        if len(sent) != len(shown):
            yield f"{path} has {len(shown)} elements, not {len(sent)}"
        for one, other in zip(sent, shown, strict=False):
            yield from differences(one, other, said["member"]["shape"], path, made)
    elif said["type"] == "map" and isinstance(sent, dict):
        added = {paths_of.rpartition(".")[2] for paths_of in _declared_below(made.resource, path)}
        if sent != {key: value for key, value in shown.items() if key in sent or key not in added}:
            yield f"{path} is {shown!r}, not {sent!r}"
    elif sent != shown:
        yield f"{path} is {shown!r}, not {sent!r}"


def _declared_below(resource: Resource, path: str) -> list[str]:
    """Return the declared paths whose last member stands in the structure at a path."""
    plain = (one.replace("[]", "") for one in (*resource.kind.defaults, *resource.kind.made))
    return [one for one in plain if one.rpartition(".")[0] == path]


def meant(resource: Resource, sent: dict[str, Any]) -> set[str]:
    """Return the members of Describe that an update with these params is about."""
    about = {re.sub(r"To(Add|Remove|Delete)$", "", name) for name in sent}
    dropped = {value for one in sent.get(resource.kind.update.drops or "", ()) for value in [one]}
    cleared = {gone for flag, gone in resource.kind.update.clears.items() if flag in sent}
    renamed = {kept for given, kept in resource.kind.renamed.items() if given in sent}
    unruled = {member for name, member in INVENTED if name == resource.name}
    return about | dropped | cleared | renamed | unruled


def cut(value: Any, example: Any) -> Any:
    """Return a value without the members that an example lacks: summaries may show less of a structure."""
    if isinstance(value, dict) and isinstance(example, dict):
        return {name: cut(inner, example[name]) for name, inner in value.items() if name in example}
    if isinstance(value, list) and isinstance(example, list) and len(value) == len(example):
        return [cut(inner, other) for inner, other in zip(value, example, strict=True)]
    return value


def statuses(life: Lifecycle) -> set[str]:
    """Return every status that a lifecycle names."""
    named = {life.begins, *life.times}
    for moves in life.calls.values():
        named |= {*moves, *moves.values()}
    for stage in life.times.values():
        named |= {stage.then, stage.failed or stage.then}
    return named - {GONE}


def end_of(life: Lifecycle | None, verb: str) -> str:
    """Return the status in which a verb's moves end when time has passed."""
    if life is None or verb not in life.calls:
        return GONE
    before, status = next(iter(life.calls[verb].items()))
    if verb == "Delete" and before == status:
        return GONE
    while status in life.times:
        status = life.times[status].then
    return status


def bring_to_rest(made: Made, lives: Lives, verb: str) -> None:
    """Put what a verb is refused of in its present status into one in which it is not."""
    life = made.resource.lifecycle
    with lives.emulator.at(ACCOUNT, REGION) as scope:
        present = scope.find(made.resource, made.record.key)
        if life and present and present.state and life.move(verb, present.state.status) is None:
            status = next(one for one in life.calls[verb] if not life.moves(one))
            scope.put(made.resource, present._replace(state=State(status, present.created)))
