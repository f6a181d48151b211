"""What a newcomer pastes to point a client at the emulator."""

from __future__ import annotations

SHELL = """\
export AWS_ENDPOINT_URL_SAGEMAKER={url}
export AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME={url}
export AWS_ENDPOINT_URL_SAGEMAKER_FEATURESTORE_RUNTIME={url}
export AWS_ENDPOINT_URL_SAGEMAKER_METRICS={url}
export AWS_ENDPOINT_URL_STS={url}
export AWS_ACCESS_KEY_ID={account}
export AWS_SECRET_ACCESS_KEY=local
export AWS_REGION={region}
export AWS_DEFAULT_REGION={region}
unset AWS_PROFILE AWS_SESSION_TOKEN
"""

PROFILE = """\
[profile sagemaker-emulator]
region = {region}
aws_access_key_id = {account}
aws_secret_access_key = local
services = sagemaker-emulator

[services sagemaker-emulator]
sagemaker =
  endpoint_url = {url}
sagemaker_runtime =
  endpoint_url = {url}
sagemaker_featurestore_runtime =
  endpoint_url = {url}
sagemaker_metrics =
  endpoint_url = {url}
sts =
  endpoint_url = {url}
"""

TERRAFORM = """\
provider "aws" {{
  region     = "{region}"
  access_key = "{account}"
  secret_key = "local"

  endpoints {{
    sagemaker = "{url}"
    sts       = "{url}"
  }}
}}
"""

PYTHON = """\
import boto3

sagemaker = boto3.client(
    "sagemaker",
    endpoint_url="{url}",
    region_name="{region}",
    aws_access_key_id="{account}",
    aws_secret_access_key="local",
)
"""

_FORMS = {"shell": SHELL, "profile": PROFILE, "terraform": TERRAFORM, "python": PYTHON}


def url(host: str, port: int) -> str:
    """Return the address of a server; an IPv6 address stands in brackets."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def text(form: str, url: str, region: str, account: str) -> str:
    """Return the lines of a form: ``shell``, ``profile``, ``terraform`` or ``python``."""
    return _FORMS[form].format(url=url, region=region, account=account)
