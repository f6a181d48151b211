"""The operations that answer with a presigned URL: to domains, notebooks, MLflow and partner apps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import VALIDATION, Refusal
from emulator.engine import families, presigned, verbs
from emulator.engine.resource import Resource
from emulator.engine.scope import Scope

Params = Mapping[str, Any]

EXPIRES = 300
SESSION = 43200


def domain_url(scope: Scope, params: Params) -> dict[str, Any]:
    """Sign a user in to a domain, or to a space in it."""
    fields = _fields(scope, "Domain", params)
    if fields["AuthMode"] != "IAM":
        raise Refusal(VALIDATION, errors.ONLY_IAM).error()
    claims = {"sub": _found(scope, "UserProfile", params)["UserProfileArn"]}
    if "SpaceName" in params:
        claims["space"] = _found(scope, "Space", params)["SpaceArn"]
    if "LandingUri" in params:
        claims["landing"] = params["LandingUri"]
    return {"AuthorizedUrl": _url(scope, f"{fields['Url']}/auth", "token", claims, params)}


def notebook_url(scope: Scope, params: Params) -> dict[str, Any]:
    """Open the Jupyter server of a notebook instance that runs."""
    resource = scope.resources.resource("NotebookInstance")
    record = verbs.find(scope, resource, params)
    fields = scope.fields(resource, record)
    if fields["NotebookInstanceStatus"] != "InService":
        raise Refusal(VALIDATION, errors.STATUS_NOT_IN).error(
            **resource.called(record.arn, record.key),
            status=fields["NotebookInstanceStatus"],
            allowed="InService",
            target="InService",
        )
    claims = {"sub": fields["NotebookInstanceArn"]}
    return {"AuthorizedUrl": _url(scope, f"https://{fields['Url']}", "authToken", claims, params)}


def tracking_server_url(scope: Scope, params: Params) -> dict[str, Any]:
    """Open the MLflow UI of a tracking server."""
    fields = _fields(scope, "MlflowTrackingServer", params)
    claims = {"sub": fields["TrackingServerArn"]}
    return {"AuthorizedUrl": _url(scope, f"{fields['TrackingServerUrl']}/auth", "authToken", claims, params)}


def mlflow_app_url(scope: Scope, params: Params) -> dict[str, Any]:
    """Open the MLflow UI of an app."""
    fields = _fields(scope, "MlflowApp", params)
    base = f"https://{fields['ArnId'].lower()}.{scope.place.region}.experiments.sagemaker.aws/auth"
    return {"AuthorizedUrl": _url(scope, base, "authToken", {"sub": params["Arn"]}, params)}


def partner_app_url(scope: Scope, params: Params) -> dict[str, Any]:
    """Open the UI of a partner app that is there."""
    resource = scope.resources.resource("PartnerApp")
    fields = _fields(scope, resource.name, params)
    if "BaseUrl" not in fields:
        words = {"verb": "open", "title": resource.title, "status": fields["Status"]}
        raise Refusal(VALIDATION, errors.CANNOT_DO_IN_STATUS).error(**words)
    return {"Url": _url(scope, f"{fields['BaseUrl']}/auth", "token", {"sub": params["Arn"]}, params)}


def _url(scope: Scope, base: str, parameter: str, claims: Mapping[str, Any], params: Params) -> str:
    session = params.get("SessionExpirationDurationInSeconds", SESSION)
    said = {**claims, "session": session, "jti": scope.chance.uuid()}
    return presigned.url(base, parameter, said, scope.clock.now(), params.get("ExpiresInSeconds", EXPIRES))


def _fields(scope: Scope, kind: str, params: Params) -> dict[str, Any]:
    resource = scope.resources.resource(kind)
    record = verbs.find(scope, resource, params)
    if families.ended(resource, record):
        raise resource.missing.error(**resource.called(record.arn, record.key))
    return scope.fields(resource, record)


def _found(scope: Scope, kind: str, params: Params) -> dict[str, Any]:
    """Return the fields of what lives in the domain that the params name."""
    resource: Resource = scope.resources.resource(kind)
    return _fields(scope, kind, {name: params[name] for name in resource.keys[0]})


OPERATIONS = {
    "CreatePresignedDomainUrl": domain_url,
    "CreatePresignedNotebookInstanceUrl": notebook_url,
    "CreatePresignedMlflowTrackingServerUrl": tracking_server_url,
    "CreatePresignedMlflowAppUrl": mlflow_app_url,
    "CreatePartnerAppPresignedUrl": partner_app_url,
}
