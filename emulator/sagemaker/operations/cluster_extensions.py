"""Extensions of clusters: installed in a version that there is, shown with the nodes that run them, and changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import NOT_FOUND, VALIDATION, Refusal
from emulator.engine import paging, verbs
from emulator.engine.resource import Resource
from emulator.engine.scope import Scope
from emulator.engine.store import Record, pack
from emulator.sagemaker.operations import cluster_nodes
from emulator.sagemaker.rules import cluster_extensions
from emulator.sagemaker.rules.cluster_extensions import VERSIONS

Params = Mapping[str, Any]
PAGE = 100
SETTINGS = "ConfigurationValues"
_RUNNING = ("Running", "Updated")


def create(scope: Scope, params: Params) -> dict[str, Any]:
    """Install an extension on a cluster that Slurm orchestrates and that provisions its nodes continuously."""
    clusters = scope.resources.resource("Cluster")
    cluster = verbs.found(scope, clusters, params["ClusterArn"])
    members = cluster.members
    if "Eks" in members.get("Orchestrator", {}) or members.get("NodeProvisioningMode") != "Continuous":
        raise Refusal(VALIDATION, errors.NO_EXTENSIONS_HERE).error(**clusters.called(cluster.arn, cluster.key))
    name = params["ExtensionName"]
    if name not in VERSIONS and scope.settings.strict:
        raise Refusal(NOT_FOUND, errors.UNKNOWN_EXTENSION).error(extension=name)
    version = params.get("ExtensionVersion", VERSIONS.get(name, ("1.0.0",))[0])
    _refuse_unknown(scope, name, version)
    if SETTINGS in params:
        cluster_extensions.settings(params[SETTINGS])
    more = {"ClusterId": cluster.arn.rpartition("/")[2], "ExtensionVersion": version}
    return {"ExtensionArn": verbs.make(scope, scope.resources.resource("ClusterExtension"), params, more).arn}


def _refuse_unknown(scope: Scope, name: str, version: str) -> None:
    if name in VERSIONS and version not in VERSIONS[name] and scope.settings.strict:
        raise Refusal(VALIDATION, errors.UNKNOWN_EXTENSION_VERSION).error(extension=name, version=version)


def describe(scope: Scope, params: Params) -> dict[str, Any]:
    """Tell all about an extension, and on how many nodes it runs."""
    resource, cluster, record = _found(scope, params)
    record = scope.look(resource, record)
    fields = scope.fields(resource, record)
    nodes = [node for records in cluster_nodes.of(scope, cluster).values() for node in records]
    total = sum(node.state is not None and node.state.status in _RUNNING for node in nodes)
    summary = {"TotalCount": total, "ActiveCount": total if fields["Status"] == "Active" else 0}
    return {"ExtensionDetails": resource.project("ExtensionDetails", fields), "NodeSummary": summary}


def update(scope: Scope, params: Params) -> dict[str, Any]:
    """Change the settings of an extension, or install a later version of it."""
    resource, _, record = _found(scope, params)
    state = verbs.moved(scope, resource, record, "Update")
    members = record.members
    if "ExtensionVersion" in params:
        version = params["ExtensionVersion"]
        _refuse_unknown(scope, members["ExtensionName"], version)
        if cluster_extensions.order(version) <= cluster_extensions.order(members["ExtensionVersion"]):
            present = members["ExtensionVersion"]
            raise Refusal(VALIDATION, errors.NO_LATER_VERSION).error(version=version, present=present)
        members["ExtensionVersion"] = version
    if SETTINGS in params:
        members[SETTINGS] = cluster_extensions.changed(members.get(SETTINGS), params[SETTINGS])
    now = scope.now
    scope.put(resource, record._replace(packed=pack(members), modified=now, state=state))
    return {"ExtensionArn": record.arn}


def delete(scope: Scope, params: Params) -> dict[str, Any] | None:
    """Take an extension off a cluster."""
    resource, _, _ = _found(scope, params)
    return verbs.delete(scope, resource, {"ExtensionArn": params["ExtensionArn"]})


def versions(scope: Scope, params: Params) -> dict[str, Any]:
    """List the versions of an extension that can be installed, the highest first."""
    query = paging.query("ListClusterExtensionVersions", scope.place.account, scope.place.region, params)
    entries = enumerate(VERSIONS.get(params["ExtensionName"], ()))
    kept, following = paging.window(query, params, entries, lambda entry: ("", entry[0]), PAGE)
    listed = [{"ExtensionVersion": version} for _, version in kept]
    return {"ExtensionVersions": listed} | ({"NextToken": following} if following else {})


def _found(scope: Scope, params: Params) -> tuple[Resource, Record, Record]:
    """Return an extension of a cluster, and the cluster; ServiceError if it is another one's."""
    cluster = verbs.found(scope, scope.resources.resource("Cluster"), params["ClusterArn"])
    resource = scope.resources.resource("ClusterExtension")
    record = verbs.find(scope, resource, {"ExtensionArn": params["ExtensionArn"]})
    if record.members["ClusterArn"] != cluster.arn:
        raise resource.missing.error(**resource.called(record.arn, record.key))
    return resource, cluster, record


OPERATIONS = {
    "CreateClusterExtension": create,
    "DeleteClusterExtension": delete,
    "DescribeClusterExtension": describe,
    "ListClusterExtensionVersions": versions,
    "UpdateClusterExtension": update,
}
