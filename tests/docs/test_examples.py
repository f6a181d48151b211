"""Every example of every page runs, and prints what the page says it prints.

The examples of one page run in their order against one emulator, as a reader would try them: Python in one namespace,
shell in one environment, both in one directory, Terraform's files beside it. What a block needs and this machine lacks
is not run, but at least parsed.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from emulator.interfaces import cli
from tests.docs.pages import PAGES, Block, blocks, commands, name

LANGUAGES = {"python", "shell", "hcl"}
MIRROR = os.environ.get("SAGEMAKER_EMULATOR_TERRAFORM_MIRROR", "")  # a directory that holds Terraform's AWS provider
AWSCLI = shutil.which(os.environ.get("SAGEMAKER_EMULATOR_AWSCLI", "")) or shutil.which("aws")
BASH = shutil.which("bash") or "bash"
PORT = "4580"
FILE = re.compile(r"# (\w+\.py)\n")  # a block that says so is a file beside the others, and not run by itself

# Commands that set things up, serve until stopped, or need a network: shown to readers, only parsed here.
SHOWN = {"make", "docker", "pip", "git", "npm", "npx"}

SLOW = {"docs/how-to/terraform.md"}  # what takes too long for every day is read by `make terraform`
READ = [pytest.param(page, marks=pytest.mark.slow) if name(page) in SLOW else page for page in PAGES]


def missing(block: Block) -> set[str]:
    """Return the commands in a shell block that cannot be run here."""
    used = set(re.findall(r"^(?:\w+=\S* )*([\w-]+)", block.text, re.MULTILINE))
    if re.search(r"^(?:\w+=\S* )*sagemaker-emulator serve", block.text, re.MULTILINE):
        used.add("make")  # it would serve until stopped
    tools = {
        tool
        for tool in ("aws", "curl", "terraform")
        if tool in used and not (AWSCLI if tool == "aws" else shutil.which(tool))
    }
    return (used & SHOWN) | tools | ({"terraform"} & used if not MIRROR else set())


class Reader:
    """Someone who tries the examples of one page, one after the other."""

    def __init__(self, port: str, directory: Path) -> None:
        self.port = port
        self.directory = directory
        self.names: dict[str, Any] = {"__name__": "example"}
        theirs = ("AWS_", "TF_", "PYTEST_", "SAGEMAKER_EMULATOR_")
        ours = {key: value for key, value in os.environ.items() if not key.startswith(theirs)}
        tools = (str(Path(sys.executable).parent), str(Path(AWSCLI or "/").parent), ours.get("PATH", ""))
        self.environment = ours | {
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_PAGER": "",
            "CHECKPOINT_DISABLE": "1",
            "PATH": os.pathsep.join(tools),
            "PYTEST_ADDOPTS": "-p no:asyncio -p no:cacheprovider",
            "SAGEMAKER_EMULATOR_PORT": port,
            "TF_CLI_ARGS": "-no-color",
            "TF_CLI_ARGS_init": f"-plugin-dir={MIRROR}",
        }

    def python(self, block: Block, page: str) -> str:
        if named := FILE.match(block.text):
            compile(block.text, page, "exec")
            (self.directory / named[1]).write_text(block.text.replace(PORT, self.port), "utf-8")
            return ""
        printed = io.StringIO()
        source = "\n" * block.line + block.text.replace(PORT, self.port)
        with contextlib.redirect_stdout(printed):
            exec(compile(source, page, "exec"), self.names)  # noqa: S102 - our own pages
        return printed.getvalue()

    def shell(self, block: Block, page: str) -> str | None:
        text = block.text.replace(PORT, self.port)
        if missing(block):
            subprocess.run([BASH, "-n", "-c", text], check=True)
            return None
        script = f"touch .exports; source ./.exports; set -eu\n{text}\nexport -p > .exports\n"
        ran = subprocess.run(
            [BASH, "-c", script], cwd=self.directory, env=self.environment, capture_output=True, text=True, check=False
        )
        expected_to_fail = "An error occurred" in (block.output or "")
        assert bool(ran.returncode) == expected_to_fail, f"{page}:{block.line}\n{ran.stdout}{ran.stderr}"
        return ran.stdout + ran.stderr

    def hcl(self, block: Block, page: str) -> str | None:
        (self.directory / "main.tf").write_text(block.text.replace(PORT, self.port), "utf-8")
        if terraform := shutil.which("terraform"):
            subprocess.run([terraform, "fmt", "-check", "-diff"], cwd=self.directory, env=self.environment, check=True)
        return None


@pytest.mark.parametrize("page", READ, ids=name)
def test_examples_run_and_print_what_they_say(
    page: Path, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    port = url.rpartition(":")[2]
    reader = Reader(port, tmp_path)
    for block in blocks(page):
        if block.language not in LANGUAGES:
            continue
        act: Callable[[Block, str], str | None] = getattr(reader, block.language)

        printed = act(block, str(page))

        if block.output is not None and printed is not None:
            expected = block.output.replace(PORT, port)
            same = doctest.OutputChecker().check_output(expected, printed, doctest.ELLIPSIS)
            assert same, f"{name(page)}:{block.line} printed\n{printed}\nand not\n{expected}"


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_shown_command_line_is_one(page: Path) -> None:
    for line in commands(page):
        if words := line.split():
            command, *arguments = words
            assert command in cli.main.commands or command.startswith("--")
            if command in cli.main.commands:
                cli.main.commands[command].make_context(command, arguments)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_block_names_a_known_language(page: Path) -> None:
    unknown = {block.language for block in blocks(page)} - LANGUAGES - {"text", "mermaid", "yaml", "json", "ini"}

    assert not unknown
