"""What a newcomer pastes to point a client at the emulator."""

from __future__ import annotations

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

_EXPORTS = "".join(f"export AWS_ENDPOINT_URL_{name.upper()}={{url}}\n" for name in SERVICES)
SHELL = f"""\
{_EXPORTS}\
export AWS_ACCESS_KEY_ID={{account}}
export AWS_SECRET_ACCESS_KEY=local
export AWS_REGION={{region}}
export AWS_DEFAULT_REGION={{region}}
unset AWS_PROFILE AWS_SESSION_TOKEN
"""

_SECTIONS = "".join(f"{name} =\n  endpoint_url = {{url}}\n" for name in SERVICES)
PROFILE = f"""\
[profile sagemaker-emulator]
region = {{region}}
aws_access_key_id = {{account}}
aws_secret_access_key = local
services = sagemaker-emulator

[services sagemaker-emulator]
{_SECTIONS}"""

TERRAFORM = """\
provider "aws" {{
  region     = "{region}"
  access_key = "{account}"
  secret_key = "local"

  endpoints {{
    sagemaker      = "{url}"
    cloudcontrol   = "{url}"
    cloudformation = "{url}"
    sts            = "{url}"
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
