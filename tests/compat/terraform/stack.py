"""A configuration that has examples as its modules, and Terraform to act on it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

EXAMPLES = Path(__file__).parents[3] / "fixtures" / "terraform"
VERSIONS = """\
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}
"""
PATIENCE = 300  # seconds until a command counts as hung

# What the provider does not read back, so that an import cannot know it and would replace the resource, or change it.
UNREAD = {
    "aws_sagemaker_domain": "retention_policy",
    "aws_sagemaker_human_task_ui": "ui_template",
    "aws_sagemaker_workforce": "oidc_config[0].client_secret",
    "aws_sagemaker_workteam": "workforce_name",
}

_STAGED = re.compile(r'^variable "stage"', re.MULTILINE)
_RESOURCE = re.compile(r'^resource "(aws_sagemaker_\w+)" "(\w+)"', re.MULTILINE)


class Resource(NamedTuple):
    """A resource of a state."""

    address: str
    type: str
    attributes: Mapping[str, Any]
    needs: Sequence[str]  # the addresses of what it was made from


class Failed(Exception):  # noqa: N818 - as Terraform says it
    """Terraform ended with an error; the text is all that it said."""


class Terraform:
    """The program, in a directory, with an environment."""

    def __init__(self, program: str, directory: Path, environment: Mapping[str, str]) -> None:
        self.directory = directory
        self._program = program
        self._environment = environment

    def __call__(self, *arguments: str, codes: Sequence[int] = (0,)) -> str:
        """Run a command and return what it says."""
        done = subprocess.run(
            (self._program, *arguments, "-no-color"),
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=self.directory,
            env=dict(self._environment),
            timeout=PATIENCE,
        )
        if done.returncode not in codes:
            raise Failed(f"terraform {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}")
        return done.stdout


class Stack:
    """Some examples in one configuration: each Terraform command takes seconds, however little there is to do."""

    def __init__(self, terraform: Terraform, examples: Sequence[str], provider: str) -> None:
        self.terraform = terraform
        self.examples = examples
        self._stage: tuple[str, ...] = ()
        directory = terraform.directory
        (directory / "main.tf").write_text('variable "stage" {\n  default = "test"\n}\n' + "".join(self._modules()))
        (directory / "provider.tf").write_text(provider)
        for example in examples:
            shutil.copytree(EXAMPLES / example, directory / example)
            (directory / example / "unread_override.tf").write_text("".join(_unread(example)))

    def _modules(self) -> Iterator[str]:
        for example in self.examples:
            stage = "  stage  = var.stage\n" if staged(example) else ""
            yield f'module "{example}" {{\n  source = "./{example}"\n{stage}}}\n'

    def init(self, flags: Sequence[str]) -> None:
        """Prepare the directory and see that the configuration is valid."""
        self.terraform("init", *flags)
        self.terraform("validate")

    def apply(self) -> str:
        """Plan, apply what was planned, and see that nothing is left to be done; return what was said."""
        said = self.terraform("plan", *self._stage, "-out=planned") + self.terraform("apply", "planned")
        self.unchanged()
        return said

    def unchanged(self) -> None:
        """See that there is nothing to do."""
        try:
            self.terraform("plan", "-detailed-exitcode", *self._stage)
        except Failed as failed:
            raise AssertionError(f"There is something left to do. {failed}") from failed

    def change(self) -> str:
        """Change what can be changed, and return what was said."""
        self._stage = ("-var", "stage=production")
        return self.apply()

    def noticed(self) -> dict[str, str]:
        """Plan, and return what is to be done with each resource."""
        said = self.terraform("plan", "-detailed-exitcode", *self._stage, codes=(2,))
        return dict(re.findall(r"^  # (\S+) (?:will|must) be (.*)$", said, re.MULTILINE))

    def import_again(self, resources: Sequence[Resource]) -> str:
        """Forget resources, import them again, and return what was said."""
        self.terraform("state", "rm", *(one.address for one in resources))
        blocks = [f'import {{\n  to = {one.address}\n  id = "{one.attributes["id"]}"\n}}\n' for one in resources]
        imports = self.terraform.directory / "imports.tf"
        imports.write_text("".join(blocks))
        said = self.apply()
        imports.unlink()
        return said

    def destroy(self) -> None:
        """Destroy everything."""
        self.terraform("destroy", "-auto-approve", *self._stage)

    def as_before(self) -> None:
        """Bring back the state that the last command has found, as if nobody had told Terraform of what it did."""
        state = self.terraform.directory / "terraform.tfstate"
        state.with_suffix(".tfstate.backup").replace(state)

    def resources(self) -> list[Resource]:
        """Return SageMaker's resources, those first that others are made from."""
        state = json.loads((self.terraform.directory / "terraform.tfstate").read_text("utf-8"))
        found = list(_resources(state))
        return sorted(found, key=lambda one: len(one.needs))


def staged(example: str) -> bool:
    """Say whether an example can be changed."""
    return bool(_STAGED.search((EXAMPLES / example / "main.tf").read_text("utf-8")))


def _unread(example: str) -> Iterator[str]:
    """Yield what lets imported resources be as they are where the provider does not read them."""
    for kind, name in _RESOURCE.findall((EXAMPLES / example / "main.tf").read_text("utf-8")):
        if kind in UNREAD:
            yield f'resource "{kind}" "{name}" {{\n  lifecycle {{\n    ignore_changes = [{UNREAD[kind]}]\n  }}\n}}\n'


def _resources(state: Mapping[str, Any]) -> Iterator[Resource]:
    for one in state["resources"]:
        if one["mode"] == "managed" and one["type"].startswith("aws_sagemaker_"):
            for instance in one["instances"]:
                key = f"[{json.dumps(instance['index_key'])}]" if "index_key" in instance else ""
                address = f"{one['module']}.{one['type']}.{one['name']}{key}"
                yield Resource(address, one["type"], instance["attributes"], instance.get("dependencies", ()))
