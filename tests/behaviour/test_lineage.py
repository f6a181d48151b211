"""Lineage: artifacts, actions, contexts, the associations between them, and questions about what led to what."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from emulator.engine.clock import ManualClock
from tests.behaviour.examples import IMAGE, SPECIFICATION, arn, make_group, make_model, make_version, plain, refusal
from tests.behaviour.test_experiments import make_component, make_job

GROUP = arn("lineage-group/sagemaker-default-lineage-group")


def make_artifact(client: Any, uri: str, kind: str = "DataSet", **more: Any) -> str:
    return client.create_artifact(Source={"SourceUri": uri}, ArtifactType=kind, **more)["ArtifactArn"]


def make_action(client: Any, name: str, kind: str = "Build", uri: str = "s3://b/code", **more: Any) -> str:
    return client.create_action(ActionName=name, ActionType=kind, Source={"SourceUri": uri}, **more)["ActionArn"]


def make_context(client: Any, name: str, kind: str = "Workflow", uri: str = "s3://b/flow", **more: Any) -> str:
    return client.create_context(ContextName=name, ContextType=kind, Source={"SourceUri": uri}, **more)["ContextArn"]


def associate(client: Any, *chain: str, how: str = "ContributedTo") -> None:
    for source, destination in pairwise(chain):
        client.add_association(SourceArn=source, DestinationArn=destination, AssociationType=how)


# --- Entities ---------------------------------------------------------------------------------------------------------


def test_every_member_of_an_entity_comes_back(client: Any) -> None:
    metadata = {"CommitId": "c"}
    source = {"SourceUri": "s3://b/x", "SourceType": "S3", "SourceId": "1"}
    sent: dict[str, dict[str, Any]] = {
        "action": {"ActionName": "a", "ActionType": "T", "Source": source, "Status": "InProgress", "Description": "d"},
        "context": {"ContextName": "c", "ContextType": "T", "Source": source, "Description": "d"},
    }
    for kind, params in sent.items():
        params["Properties"] = {"k": "v"}
        if kind == "action":
            params["MetadataProperties"] = metadata
        made = getattr(client, f"create_{kind}")(**params, Tags=[{"Key": "t", "Value": "v"}])
        name = {f"{kind.title()}Name": params[f"{kind.title()}Name"]}
        described = plain(getattr(client, f"describe_{kind}")(**name))
        assert {member: described[member] for member in params} == params
        assert described["LineageGroupArn"] == GROUP
        assert made[f"{kind.title()}Arn"] == described[f"{kind.title()}Arn"] == arn(f"{kind}/{kind[0]}")
        assert client.list_tags(ResourceArn=described[f"{kind.title()}Arn"])["Tags"] == [{"Key": "t", "Value": "v"}]


def test_what_has_the_same_source_and_type_is_the_same_artifact(client: Any) -> None:
    types = [{"SourceIdType": "MD5Hash", "Value": "1"}, {"SourceIdType": "Custom", "Value": "2"}]

    def make(kind: str = "DataSet", **source: Any) -> str:
        return client.create_artifact(Source={"SourceUri": "s3://b/x", **source}, ArtifactType=kind)["ArtifactArn"]

    one = make()
    assert make() == one
    assert one.startswith(arn("artifact/"))
    assert len(one.rpartition("/")[2]) == 32
    typed = make(SourceTypes=types)
    assert make(SourceTypes=types[::-1]) == typed
    assert len({one, typed, make(kind="Model")}) == 3
    assert len(client.list_artifacts()["ArtifactSummaries"]) == 3


def test_an_artifact_is_deleted_by_arn_or_by_source(client: Any) -> None:
    one, other = make_artifact(client, "s3://b/1"), make_artifact(client, "s3://b/2")

    assert plain(client.delete_artifact(ArtifactArn=one)) == {"ArtifactArn": one}
    assert plain(client.delete_artifact(Source={"SourceUri": "s3://b/2"})) == {"ArtifactArn": other}
    assert refusal(client.delete_artifact)[0] == "ValidationException"
    assert refusal(client.delete_artifact, Source={"SourceUri": "s3://b/2"})[0] == "ResourceNotFound"
    assert refusal(client.delete_artifact, ArtifactArn=one)[0] == "ResourceNotFound"
    assert refusal(client.describe_artifact, ArtifactArn=one) == (
        "ResourceNotFound",
        f"Artifact '{one}' does not exist.",
    )


@pytest.mark.parametrize("kind", ["Artifact", "Action", "Context"])
def test_properties_are_replaced_and_single_ones_taken_out(client: Any, kind: str) -> None:
    make = {"Artifact": lambda **more: make_artifact(client, "s3://b", **more)}
    make |= {"Action": lambda **more: make_action(client, "n", **more)}
    make |= {"Context": lambda **more: make_context(client, "n", **more)}
    its_arn = make[kind](Properties={"a": "1", "b": "2"})
    named = {"ArtifactArn": its_arn} if kind == "Artifact" else {f"{kind}Name": "n"}
    update, describe = (getattr(client, f"{verb}_{kind.lower()}") for verb in ("update", "describe"))

    update(**named, PropertiesToRemove=["a", "nothing"])
    assert describe(**named)["Properties"] == {"b": "2"}
    update(**named, Properties={"c": "3", "d": "4"}, PropertiesToRemove=["d"])
    assert describe(**named)["Properties"] == {"c": "3"}


def test_entities_are_listed_by_source_and_by_type(client: Any, clock: ManualClock) -> None:
    for number in range(4):
        make_action(client, f"a{number}", "Odd" if number % 2 else "Even", f"s3://b/{number // 2}")
        make_context(client, f"c{number}", "Odd" if number % 2 else "Even", f"s3://b/{number // 2}")
        make_artifact(client, f"s3://b/{number // 2}", "Odd" if number % 2 else "Even")
        clock.advance(1)

    def names(kind: str, **params: Any) -> list[str]:
        answer = getattr(client, f"list_{kind.lower()}s")(**params)[f"{kind}Summaries"]
        return [one.get(f"{kind}Name") or one["Source"]["SourceUri"] for one in answer]

    assert names("Action", SourceUri="s3://b/1") == ["a3", "a2"]
    assert names("Action", SourceUri="s3://b/1", ActionType="Odd") == ["a3"]
    assert names("Action", ActionType="Even", SortBy="Name", SortOrder="Ascending") == ["a0", "a2"]
    assert names("Context", SourceUri="s3://b/0", MaxResults=1) == ["c1"]
    assert names("Artifact", SourceUri="s3://b/0", ArtifactType="Even") == ["s3://b/0"]
    assert names("Artifact", SourceUri="s3://b/none") == []
    assert len(names("Artifact", CreatedBefore=1_700_000_001)) == 2


# --- Associations -----------------------------------------------------------------------------------------------------


def test_an_association_tells_the_types_and_names_of_its_ends(client: Any, clock: ManualClock) -> None:
    data = make_artifact(client, "s3://b/data", ArtifactName="my-data")
    component = make_component(client, "tc")

    answer = client.add_association(SourceArn=data, DestinationArn=component, AssociationType="ContributedTo")

    assert plain(answer) == {"SourceArn": data, "DestinationArn": component}
    [summary] = client.list_associations()["AssociationSummaries"]
    assert summary.pop("CreationTime").timestamp() == clock.now()
    assert summary == {
        "SourceArn": data,
        "DestinationArn": component,
        "SourceType": "DataSet",
        "DestinationType": "SageMakerExperimentTrialComponent",
        "AssociationType": "ContributedTo",
        "SourceName": "my-data",
        "DestinationName": "tc",
        "CreatedBy": {},
    }


def test_an_association_is_made_once_between_what_is_there_and_deleted_once(client: Any) -> None:
    ends = {"SourceArn": make_artifact(client, "s3://b"), "DestinationArn": make_action(client, "a")}
    client.add_association(**ends)

    assert refusal(client.add_association, **ends)[0] == "ValidationException"
    assert plain(client.delete_association(**ends)) == ends
    assert refusal(client.delete_association, **ends)[0] == "ResourceNotFound"
    assert refusal(client.add_association, **ends | {"SourceArn": arn("artifact/none")}) == (
        "ResourceNotFound",
        f"Lineage entity '{arn('artifact/none')}' does not exist.",
    )
    foreign = arn("artifact/abc", account="999999999999")
    assert client.add_association(**ends | {"SourceArn": foreign})["SourceArn"] == foreign


def test_what_has_associations_is_not_deleted_but_a_component_takes_them_along(client: Any) -> None:
    data, action, context = make_artifact(client, "s3://b"), make_action(client, "a"), make_context(client, "c")
    component = make_component(client, "tc")
    associate(client, data, action, context, component)

    for call, params in (
        (client.delete_artifact, {"ArtifactArn": data}),
        (client.delete_action, {"ActionName": "a"}),
        (client.delete_context, {"ContextName": "c"}),
    ):
        code, message = refusal(call, **params)
        assert (code, "has 1 or more associations" in message) == ("ValidationException", True)

    client.delete_trial_component(TrialComponentName="tc")
    assert [one["DestinationArn"] for one in client.list_associations(SourceArn=context)["AssociationSummaries"]] == []
    assert len(client.list_associations()["AssociationSummaries"]) == 2


def test_associations_are_filtered_sorted_and_paged(client: Any, clock: ManualClock) -> None:
    data = [make_artifact(client, f"s3://b/{number}", "Odd" if number % 2 else "Even") for number in range(5)]
    action = make_action(client, "a")
    for one in data:
        associate(client, one, action, how="ContributedTo" if one == data[0] else "AssociatedWith")
        clock.advance(1)
    associate(client, action, make_context(client, "c"))

    def sources(**params: Any) -> list[int]:
        pages = client.get_paginator("list_associations").paginate(PaginationConfig={"PageSize": 2}, **params)
        found = [one["SourceArn"] for page in pages for one in page["AssociationSummaries"]]
        return [data.index(one) if one in data else -1 for one in found]

    assert sources() == [-1, 4, 3, 2, 1, 0]
    assert sources(DestinationArn=action) == [4, 3, 2, 1, 0]
    assert sources(DestinationArn=action, SortOrder="Ascending") == [0, 1, 2, 3, 4]
    assert sources(SourceArn=data[2]) == sources(SourceArn=data[2], DestinationArn=action) == [2]
    assert sources(SourceType="Odd") == [3, 1]
    assert sources(DestinationType="Workflow") == [-1]
    assert sources(AssociationType="ContributedTo") == [-1, 0]
    assert sources(CreatedAfter=1_700_000_003, CreatedBefore=1_700_000_004) == [4, 3]
    by_arn = sources(DestinationArn=action, SortBy="SourceArn", SortOrder="Ascending")
    assert [data[number] for number in by_arn] == sorted(data)


# --- The lineage group ------------------------------------------------------------------------------------------------


def test_an_account_has_one_lineage_group_and_no_policy_on_it(client: Any) -> None:
    [summary] = client.list_lineage_groups()["LineageGroupSummaries"]
    described = plain(client.describe_lineage_group(LineageGroupName="sagemaker-default-lineage-group"))

    assert summary["LineageGroupArn"] == described["LineageGroupArn"] == GROUP
    assert summary["LineageGroupName"] == described["LineageGroupName"] == "sagemaker-default-lineage-group"
    assert refusal(client.get_lineage_group_policy, LineageGroupName=GROUP)[0] == "ResourceNotFound"
    assert refusal(client.describe_lineage_group, LineageGroupName="other")[0] == "ResourceNotFound"


# --- Questions --------------------------------------------------------------------------------------------------------


@pytest.fixture
def graph(client: Any, clock: ManualClock) -> dict[str, str]:
    """Raw and extra data → a processing step → a model → a deployment → an endpoint; a report comes of the step too."""
    made: dict[str, str] = {}
    for name, make in (
        ("raw", lambda: make_artifact(client, "s3://b/raw", Properties={"owner": "a", "team": "x"})),
        ("extra", lambda: make_artifact(client, "s3://b/extra", Properties={"owner": "b"})),
        ("step", lambda: make_component(client, "step")),
        ("model", lambda: make_artifact(client, "s3://b/model", "Model")),
        ("report", lambda: make_artifact(client, "s3://b/report", "Report")),
        ("deployment", lambda: make_action(client, "deployment", "ModelDeployment")),
        ("endpoint", lambda: make_context(client, "endpoint", "Endpoint")),
        ("lonely", lambda: make_artifact(client, "s3://b/lonely")),
    ):
        made[name] = make()
        clock.advance(10)
    associate(client, made["raw"], made["step"], made["model"], made["deployment"], made["endpoint"])
    associate(client, made["extra"], made["step"], made["report"], how="AssociatedWith")
    return made


@pytest.fixture
def ask(client: Any, graph: dict[str, str]) -> Callable[..., set[str]]:
    """Return a function that asks for lineage and gives the names of the vertices."""
    names = {its_arn: name for name, its_arn in graph.items()}

    def ask(start: str, **params: Any) -> set[str]:
        answer = client.query_lineage(StartArns=[graph[start]], **params)
        return {names[one["Arn"]] for one in answer["Vertices"]}

    return ask


def test_lineage_is_followed_in_the_direction_asked_for(ask: Callable[..., set[str]]) -> None:
    assert ask("model", Direction="Ascendants") == {"raw", "extra", "step"}
    assert ask("model", Direction="Descendants") == {"deployment", "endpoint"}
    assert ask("model", Direction="Both") == ask("model") == {"raw", "extra", "step", "deployment", "endpoint"}
    assert ask("lonely") == set()


def test_lineage_ends_at_the_depth_asked_for(ask: Callable[..., set[str]]) -> None:
    assert ask("raw", MaxDepth=1) == {"step"}
    assert ask("raw", MaxDepth=2) == {"step", "model", "report"}
    assert ask("endpoint", Direction="Ascendants", MaxDepth=2) == {"deployment", "model"}


def test_vertices_tell_their_type_and_edges_their_ends(client: Any, graph: dict[str, str]) -> None:
    answer = plain(client.query_lineage(StartArns=[graph["step"]], IncludeEdges=True, MaxDepth=1))

    assert answer["Vertices"] == [
        {"Arn": graph["raw"], "Type": "DataSet", "LineageType": "Artifact"},
        {"Arn": graph["extra"], "Type": "DataSet", "LineageType": "Artifact"},
        {"Arn": graph["step"], "Type": "ExperimentTrialComponent", "LineageType": "TrialComponent"},
        {"Arn": graph["model"], "Type": "Model", "LineageType": "Artifact"},
        {"Arn": graph["report"], "Type": "Report", "LineageType": "Artifact"},
    ]
    assert {(one["SourceArn"], one["DestinationArn"], one["AssociationType"]) for one in answer["Edges"]} == {
        (graph["raw"], graph["step"], "ContributedTo"),
        (graph["extra"], graph["step"], "AssociatedWith"),
        (graph["step"], graph["model"], "ContributedTo"),
        (graph["step"], graph["report"], "AssociatedWith"),
    }
    assert "Edges" not in client.query_lineage(StartArns=[graph["step"]], IncludeEdges=False)


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"Types": ["DataSet"]}, {"raw", "extra"}),
        ({"LineageTypes": ["TrialComponent", "Context"]}, {"step", "endpoint"}),
        ({"Types": ["DataSet"], "LineageTypes": ["Context"]}, set()),
        ({"CreatedBefore": 1_700_000_010}, {"raw"}),
        ({"CreatedAfter": 1_700_000_050}, {"deployment", "endpoint"}),
        ({"ModifiedBefore": 1_700_000_020, "ModifiedAfter": 1_700_000_010}, {"extra"}),
        ({"Properties": {"owner": "a"}}, {"raw"}),
        ({"Properties": {"owner": "b", "team": "x"}}, {"raw", "extra"}),
        ({"Properties": {"owner": "nobody"}}, set()),
    ],
)
def test_filters_choose_among_what_is_connected(
    ask: Callable[..., set[str]], filters: dict[str, Any], found: set[str]
) -> None:
    assert ask("model", Filters=filters, IncludeEdges=False) == found


def test_with_edges_the_way_to_what_is_chosen_comes_along(client: Any, ask: Callable[..., set[str]]) -> None:
    found = ask("endpoint", Direction="Ascendants", IncludeEdges=True, Filters={"Properties": {"owner": "a"}})

    assert found == {"endpoint", "deployment", "model", "step", "raw"}


def test_pages_of_a_question_hold_every_vertex_and_every_edge_once(client: Any, graph: dict[str, str]) -> None:
    params: dict[str, Any] = {"StartArns": [graph["model"]], "IncludeEdges": True}
    whole = client.query_lineage(**params)
    vertices, edges = [], []
    while True:
        page = client.query_lineage(**params, MaxResults=2)
        vertices += page["Vertices"]
        edges += page["Edges"]
        assert len(page["Vertices"]) <= 2
        if "NextToken" not in page:
            break
        params["NextToken"] = page["NextToken"]

    assert vertices == whole["Vertices"]
    assert edges == whole["Edges"]
    assert len(edges) == 5


def test_a_question_without_a_start_is_about_everything(client: Any, graph: dict[str, str]) -> None:
    answer = client.query_lineage(Filters={"Types": ["Model", "Endpoint"]})

    assert {one["Arn"] for one in answer["Vertices"]} == {graph["model"], graph["endpoint"]}
    assert refusal(client.query_lineage, StartArns=[arn("artifact/none")])[0] == "ResourceNotFound"


def test_a_circle_is_walked_once(client: Any) -> None:
    one, other = make_action(client, "one"), make_action(client, "other")
    associate(client, one, other, one)

    assert [one["Arn"] for one in client.query_lineage(StartArns=[one])["Vertices"]] == [other]


# --- What is noted by itself ------------------------------------------------------------------------------------------


def test_the_lineage_of_a_model_is_noted_from_its_data_to_its_endpoint(client: Any) -> None:
    make_job(client, "job")
    model_data = client.describe_training_job(TrainingJobName="job")["ModelArtifacts"]["S3ModelArtifacts"]
    make_model(client, "m", PrimaryContainer={"Image": IMAGE, "ModelDataUrl": model_data})
    client.create_endpoint_config(
        EndpointConfigName="c",
        ProductionVariants=[
            {"VariantName": "v", "ModelName": "m", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
        ],
    )
    endpoint = client.create_endpoint(EndpointName="E", EndpointConfigName="c")["EndpointArn"]

    [context] = client.list_contexts(SourceUri=endpoint)["ContextSummaries"]
    assert (context["ContextName"], context["ContextType"]) == ("e-1700000000-aws-endpoint", "Endpoint")
    answer = client.query_lineage(StartArns=[context["ContextArn"]], Direction="Ascendants", IncludeEdges=True)
    assert sorted((one["LineageType"], one["Type"]) for one in answer["Vertices"]) == [
        ("Action", "ModelDeployment"),
        ("Artifact", "DataSet"),
        ("Artifact", "Image"),
        ("Artifact", "Image"),
        ("Artifact", "Model"),
        ("Context", "Endpoint"),
        ("TrialComponent", "TrainingJob"),
    ]
    [model] = client.list_artifacts(SourceUri=model_data)["ArtifactSummaries"]
    [produced] = client.list_associations(DestinationArn=model["ArtifactArn"])["AssociationSummaries"]
    assert (produced["SourceType"], produced["AssociationType"]) == ("SageMakerTrainingJob", "Produced")


def test_a_model_package_is_noted_with_its_group_its_parts_and_each_approval(client: Any, clock: ManualClock) -> None:
    group = make_group(client, "G")
    version = make_version(client, "G")
    clock.advance(60)
    client.update_model_package(ModelPackageArn=version, ModelApprovalStatus="Approved")
    client.update_model_package(ModelPackageArn=version, ApprovalDescription="again")
    make_version(client, "G")

    [context] = client.list_contexts(SourceUri=group)["ContextSummaries"]
    [package] = client.list_artifacts(SourceUri=version)["ArtifactSummaries"]
    actions = client.list_actions(SourceUri=version, ActionType="Approval")["ActionSummaries"]
    parts = client.list_associations(DestinationArn=package["ArtifactArn"])["AssociationSummaries"]
    assert context["ContextType"] == "ModelGroup"
    assert [one["ActionName"] for one in actions] == [
        "g-1-approved-1700000060-aws-model-group",
        "g-1-pendingmanualapproval-1700000000-aws-model-group",
    ]
    assert sorted(one["SourceType"] for one in parts) == ["Approval", "Approval", "Image", "Model"]
    url = SPECIFICATION["Containers"][0]["ModelDataUrl"]  # type: ignore[index]
    found = client.list_artifacts(SourceUri=url)["ArtifactSummaries"]
    assert len(found) == 1
    groups = client.query_lineage(StartArns=[found[0]["ArtifactArn"]], Filters={"Types": ["ModelGroup"]})["Vertices"]
    assert [one["Arn"] for one in groups] == [context["ContextArn"]]


def test_what_is_deleted_before_anybody_looked_has_left_its_traces(client: Any, clock: ManualClock) -> None:
    group = make_group(client, "g")
    version = make_version(client, "g")
    job = make_job(client, "job")
    clock.advance(60)
    client.describe_training_job(TrainingJobName="job")
    client.delete_training_job(TrainingJobName="job")
    client.delete_model_package(ModelPackageName=version)
    client.delete_model_package_group(ModelPackageGroupName="g")

    component = client.describe_trial_component(TrialComponentName="job-aws-training-job")
    assert (component["Source"]["SourceArn"], component["Status"]["PrimaryStatus"]) == (job, "Completed")
    assert len(client.list_artifacts(SourceUri=version)["ArtifactSummaries"]) == 1
    assert len(client.list_contexts(SourceUri=group)["ContextSummaries"]) == 1


def test_what_was_noted_late_tells_when_it_happened(client: Any, clock: ManualClock) -> None:
    began = clock.now()
    make_job(client, "job")
    clock.advance(500)

    component = client.describe_trial_component(TrialComponentName="job-aws-training-job")
    [data] = client.list_artifacts(SourceUri="s3://b/train")["ArtifactSummaries"]

    assert component["CreationTime"].timestamp() == data["CreationTime"].timestamp() == began


def test_what_a_refused_call_would_have_noted_is_noted_later(client: Any) -> None:
    make_job(client, "job")

    assert refusal(client.describe_trial_component, TrialComponentName="nobody")[0] == "ResourceNotFound"
    assert len(client.list_trial_components()["TrialComponentSummaries"]) == 1


def test_a_change_of_configuration_is_another_deployment(client: Any, clock: ManualClock) -> None:
    for name in ("one", "other"):
        make_model(client, name, PrimaryContainer={"Image": IMAGE, "ModelDataUrl": f"s3://b/{name}.tar.gz"})
        variant = {"VariantName": "v", "ModelName": name, "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
        client.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant])
    endpoint = client.create_endpoint(EndpointName="e", EndpointConfigName="one")["EndpointArn"]
    client.describe_endpoint(EndpointName="e")
    clock.advance(60)
    client.update_endpoint(EndpointName="e", EndpointConfigName="other")

    actions = client.list_actions(SourceUri=endpoint, ActionType="ModelDeployment")["ActionSummaries"]
    assert [one["ActionName"] for one in actions] == ["e-1700000060-aws-endpoint", "e-1700000000-aws-endpoint"]
    assert len(client.list_contexts(SourceUri=endpoint)["ContextSummaries"]) == 1
    [model] = client.list_artifacts(SourceUri="s3://b/other.tar.gz")["ArtifactSummaries"]
    [deployed] = client.list_associations(SourceArn=model["ArtifactArn"])["AssociationSummaries"]
    assert deployed["DestinationName"] == "e-1700000060-aws-endpoint"


def test_a_version_of_a_group_made_anew_knows_no_approval_of_the_one_before(client: Any) -> None:
    def made() -> str:
        make_group(client, "g")
        return str(make_version(client, "g"))

    arn = made()
    client.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Rejected")
    client.delete_model_package(ModelPackageName=arn)
    client.delete_model_package_group(ModelPackageGroupName="g")
    for action in client.list_actions(SourceUri=arn)["ActionSummaries"]:
        for association in client.list_associations(SourceArn=action["ActionArn"])["AssociationSummaries"]:
            client.delete_association(SourceArn=action["ActionArn"], DestinationArn=association["DestinationArn"])
        client.delete_action(ActionName=action["ActionName"])

    assert made() == arn
    [action] = client.list_actions(SourceUri=arn)["ActionSummaries"]
    assert "pendingmanualapproval" in action["ActionName"]
