"""What a newcomer pastes to point a client at the emulator."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

# The services that are answered here, as variables and profiles spell them.
SERVICES = (
    "sagemaker",
    "sagemaker_runtime",
    "sagemaker_featurestore_runtime",
    "sagemaker_metrics",
    "cloudcontrol",
    "cloudformation",
    "sts",
)

# As Terraform's provider spells them, and those of the companions' that it calls.
_TERRAFORM_OWN = ("cloudcontrol", "cloudformation", "sagemaker", "sts")
_TERRAFORM_OTHERS = (
    *("appautoscaling", "cloudwatch", "codecommit", "cognitoidp", "dynamodb", "ec2", "ecr", "efs", "events"),
    *("firehose", "iam", "iot", "kinesis", "kms", "lambda", "logs", "s3", "secretsmanager", "servicecatalog", "sfn"),
    *("sns", "sqs", "ssm"),
)


class _Said(NamedTuple):
    """What a form is made of."""

    url: str
    region: str
    account: str
    everything: bool  # whether AWS's other services are there too


def variables(url: str, *, everything: bool) -> dict[str, str]:
    """Return the variables of an environment that lead clients to an address: of our own services, or of all."""
    said = {f"AWS_ENDPOINT_URL_{name.upper()}": url for name in SERVICES}
    return said | ({"AWS_ENDPOINT_URL": url} if everything else {})


def url(host: str, port: int) -> str:
    """Return the address of a server; an IPv6 address stands in brackets."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def text(form: str, url: str, region: str, account: str, *, everything: bool) -> str:
    """Return the lines of a form: ``shell``, ``profile``, ``terraform``, ``awscc`` or ``python``."""
    return _FORMS[form](_Said(url, region, account, everything))


def _shell(said: _Said) -> str:
    exported = {
        **variables(said.url, everything=said.everything),
        "AWS_ACCESS_KEY_ID": said.account,
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": said.region,
        "AWS_DEFAULT_REGION": said.region,
    }
    lines = [f"export {name}={value}" for name, value in exported.items()]
    return "\n".join([*lines, "unset AWS_PROFILE AWS_SESSION_TOKEN", ""])


def _profile(said: _Said) -> str:
    lines = [
        "[profile sagemaker-emulator]",
        f"region = {said.region}",
        f"aws_access_key_id = {said.account}",
        "aws_secret_access_key = local",
        "services = sagemaker-emulator",
        *([f"endpoint_url = {said.url}"] if said.everything else []),
        "",
        "[services sagemaker-emulator]",
    ]
    for name in SERVICES:
        lines += [f"{name} =", f"  endpoint_url = {said.url}"]
    return "\n".join([*lines, ""])


def _terraform(said: _Said) -> str:
    services = sorted((*_TERRAFORM_OWN, *(_TERRAFORM_OTHERS if said.everything else ())))
    width = max(map(len, services))
    lines = [
        'provider "aws" {',
        f'  region     = "{said.region}"',
        f'  access_key = "{said.account}"',
        '  secret_key = "local"',
        *(["", "  s3_use_path_style = true"] if said.everything else []),
        "",
        "  endpoints {",
        *(f'    {service:<{width}} = "{said.url}"' for service in services),
        "  }",
        "}",
    ]
    return "\n".join([*lines, ""])


def _awscc(said: _Said) -> str:
    return f"""\
provider "awscc" {{
  region     = "{said.region}"
  access_key = "{said.account}"
  secret_key = "local"

  endpoints = {{
    cloudcontrolapi = "{said.url}"
    sts             = "{said.url}"
  }}
}}
"""


def _python(said: _Said) -> str:
    return f"""\
import boto3

sagemaker = boto3.client(
    "sagemaker",
    endpoint_url="{said.url}",
    region_name="{said.region}",
    aws_access_key_id="{said.account}",
    aws_secret_access_key="local",
)
"""


_FORMS: dict[str, Callable[[_Said], str]] = {
    "shell": _shell,
    "profile": _profile,
    "terraform": _terraform,
    "awscc": _awscc,
    "python": _python,
}
