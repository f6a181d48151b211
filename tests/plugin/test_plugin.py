"""What the plugin gives a project: fixtures, options in three places, a guard; and what it costs when nobody asks."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from typing import Any

import pytest

pytest_plugins = ["pytester"]

INI = """
[pytest]
filterwarnings = error
asyncio_default_fixture_loop_scope = function
"""


class Project:
    """A project that uses the plugin."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester = pytester
        pytester.makeini(INI)

    def says(self, *lines: str) -> None:
        """Add lines to its ini file."""
        self.pytester.makeini(INI + "\n".join(lines))

    def run(self, code: str, *flags: str, apart: bool = False) -> pytest.RunResult:
        """Run its tests."""
        self.pytester.makepyfile(textwrap.dedent(code))
        run = self.pytester.runpytest_subprocess if apart else self.pytester.runpytest_inprocess
        return run("-p", "no:cacheprovider", *flags)


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project with nothing in it, and an environment that says nothing."""
    for name in os.environ:
        if name.startswith(("AWS_", "PYTEST_ADDOPTS", "PYTEST_SAGEMAKER", "PYTEST_XDIST")):
            monkeypatch.delenv(name)
    return Project(pytester)


def outcomes(result: pytest.RunResult) -> dict[str, int]:
    found: dict[str, Any] = result.parseoutcomes()
    return found


# --- What tests get ---------------------------------------------------------------------------------------------------

CLEAN = """
    import pytest

    ROLE = "arn:aws:iam::123456789012:role/SageMaker"

    @pytest.mark.parametrize("round", [1, 2, 3])
    def test_images(sagemaker_client, round):
        assert sagemaker_client.list_images()["Images"] == []
        sagemaker_client.create_image(ImageName="studio", RoleArn=ROLE)
        assert sagemaker_client.describe_image(ImageName="studio")["ImageStatus"] == "CREATED"
"""


@pytest.mark.parametrize("transport", ["http", "inprocess"])
def test_every_test_begins_with_nothing(project: Project, transport: str) -> None:
    assert outcomes(project.run(CLEAN, f"--sagemaker-emulator-transport={transport}")) == {"passed": 3}


@pytest.mark.parametrize("transport", ["http", "inprocess"])
def test_time_pace_and_failures_are_in_hand_and_begin_anew(project: Project, transport: str) -> None:
    code = """
        import pytest

        ROLE = "arn:aws:iam::123456789012:role/SageMaker"

        @pytest.mark.parametrize("round", [1, 2])
        def test_images(sagemaker, round):
            assert sagemaker.rules() == []
            assert sagemaker.pace()["pace"] == "instant"
            assert not sagemaker.clock.frozen
            images = sagemaker.client()
            sagemaker.clock.set("2030-01-01")
            sagemaker.clock.freeze()
            sagemaker.pace("real")
            sagemaker.fail("Image", "no such role", name="broken")
            for name in ("good", "broken"):
                images.create_image(ImageName=name, RoleArn=ROLE)
            assert images.describe_image(ImageName="good")["ImageStatus"] == "CREATING"
            sagemaker.clock.advance(hours=1)
            assert images.describe_image(ImageName="good")["ImageStatus"] == "CREATED"
            assert images.describe_image(ImageName="good")["CreationTime"].year == 2030
            assert images.describe_image(ImageName="broken")["FailureReason"] == "no such role"
    """

    assert outcomes(project.run(code, f"--sagemaker-emulator-transport={transport}")) == {"passed": 2}


def test_the_session_has_one_emulator_for_all_its_tests(project: Project) -> None:
    code = """
        urls = set()

        def test_one(sagemaker):
            urls.add((id(sagemaker), sagemaker.url))

        def test_other(sagemaker, sagemaker_emulator):
            urls.add((id(sagemaker_emulator), sagemaker.url))
            assert len(urls) == 1
    """

    assert outcomes(project.run(code)) == {"passed": 2}


@pytest.mark.parametrize("transport", ["http", "inprocess"])
def test_the_environment_leads_here_and_is_as_before_afterwards(
    project: Project, transport: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "secret")
    code = """
        import os, subprocess, sys
        import boto3

        before = dict(os.environ)

        def test_here(sagemaker_env, sagemaker):
            assert "AWS_PROFILE" not in os.environ and "AWS_SESSION_TOKEN" not in os.environ
            boto3.client("sagemaker").create_model_package_group(ModelPackageGroupName="churn")
            assert boto3.client("sts").get_caller_identity()["Account"] == "123456789012"
            assert len(sagemaker.client().list_model_package_groups()["ModelPackageGroupSummaryList"]) == 1

        def test_in_another_process(sagemaker_env, sagemaker):
            code = "import boto3; boto3.client('sagemaker').create_model_package_group(ModelPackageGroupName='churn')"
            subprocess.run([sys.executable, "-c", code], check=True)
            assert len(sagemaker.client().list_model_package_groups()["ModelPackageGroupSummaryList"]) == 1

        def test_afterwards():
            left = {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
            assert left == {"AWS_PROFILE": "production", "AWS_SESSION_TOKEN": "secret"}
    """

    assert outcomes(project.run(code, f"--sagemaker-emulator-transport={transport}")) == {"passed": 3}


def test_in_process_code_that_makes_its_own_clients_needs_nothing(project: Project) -> None:
    code = """
        import boto3

        KEYS = dict(region_name="us-east-1", aws_access_key_id="AKIA", aws_secret_access_key="x")
        early = boto3.client("sagemaker", **KEYS)

        def test_promotion(sagemaker):
            early.create_model_package_group(ModelPackageGroupName="churn")
            late = boto3.client("sagemaker", **KEYS)
            assert len(late.list_model_package_groups()["ModelPackageGroupSummaryList"]) == 1
    """

    assert outcomes(project.run(code, "--sagemaker-emulator-transport=inprocess")) == {"passed": 1}


# --- Options ----------------------------------------------------------------------------------------------------------

ACCOUNT = """
    def test_account(sagemaker):
        print("account", sagemaker.client("sts").get_caller_identity()["Account"])
"""


def test_the_ini_file_decides(project: Project) -> None:
    project.says("sagemaker_emulator_account = 111111111111")

    project.run(ACCOUNT, "-s").stdout.fnmatch_lines("*account 111111111111*")


def test_the_environment_decides_before_the_ini_file(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.says("sagemaker_emulator_account = 111111111111")
    monkeypatch.setenv("PYTEST_SAGEMAKER_EMULATOR_ACCOUNT", "222222222222")

    project.run(ACCOUNT, "-s").stdout.fnmatch_lines("*account 222222222222*")


def test_the_command_line_decides_before_all(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.says("sagemaker_emulator_account = 111111111111")
    monkeypatch.setenv("PYTEST_SAGEMAKER_EMULATOR_ACCOUNT", "222222222222")

    result = project.run(ACCOUNT, "-s", "--sagemaker-emulator-account=333333333333")

    result.stdout.fnmatch_lines("*account 333333333333*")


def test_a_fixture_of_the_project_decides_in_code(project: Project) -> None:
    code = (
        """
    import pytest

    @pytest.fixture(scope="session")
    def sagemaker_emulator_options(sagemaker_emulator_options):
        return sagemaker_emulator_options | {"account": "444444444444"}
    """
        + ACCOUNT
    )

    project.run(code, "-s").stdout.fnmatch_lines("*account 444444444444*")


def test_the_emulators_own_variables_do_not_count(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAGEMAKER_EMULATOR_ACCOUNT", "555555555555")  # of a server in another terminal

    project.run(ACCOUNT, "-s").stdout.fnmatch_lines("*account 123456789012*")


@pytest.mark.parametrize(
    ("flag", "complaint"),
    [
        ("--sagemaker-emulator-port=many", "*--sagemaker-emulator-port is 'many' and not a number.*"),
        ("--sagemaker-emulator-port=99999999", "*port is 99999999 and not from 0 to 65535.*"),
        ("--sagemaker-emulator-speed=0", "*speed is 0.0 and not above 0.*"),
        ("--sagemaker-emulator-transport=pigeon", "*transport is 'pigeon' and not one of http, inprocess.*"),
        ("--sagemaker-emulator-account=me", "*account is 'me' and not twelve digits.*"),
        ("--sagemaker-emulator-host=192.0.2.1", "*Cannot listen on http://192.0.2.1:0*"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(project: Project, flag: str, complaint: str) -> None:
    project.pytester.makeini("[pytest]")  # waitress leaves a socket behind where it cannot listen

    result = project.run(ACCOUNT, flag, apart=True)

    assert "passed" not in outcomes(result)
    result.stdout.fnmatch_lines(complaint)


def test_every_option_is_in_the_help_with_its_variable(project: Project) -> None:
    shown = project.run("", "--help").stdout.str()

    for name in ("transport", "host", "port", "account", "region", "pace", "speed", "references", "seed", "guard"):
        assert f"--sagemaker-emulator-{name}=" in shown
        assert f"sagemaker_emulator_{name}" in shown
        assert f"PYTEST_SAGEMAKER_EMULATOR_{name.upper()}" in shown


# --- The guard --------------------------------------------------------------------------------------------------------

LEAK = """
    import boto3

    KEYS = dict(region_name="us-east-1", aws_access_key_id="AKIA", aws_secret_access_key="x")

    def promote():
        try:
            boto3.client("{service}", **KEYS).{operation}()
        except Exception:
            pass  # as code does that must not fail

    def test_promotion({fixture}):
        promote()
"""


def leak(fixture: str, service: str = "sagemaker", operation: str = "list_models") -> str:
    return LEAK.format(fixture=fixture, service=service, operation=operation)


@pytest.mark.parametrize("fixture", ["sagemaker", "sagemaker_guard"])
def test_a_call_that_would_leave_fails_the_test_whatever_the_code_catches(project: Project, fixture: str) -> None:
    result = project.run(leak(fixture))

    assert outcomes(result) == {"failed": 1}
    result.stdout.fnmatch_lines("*SageMaker.ListModels would have left this machine for api.sagemaker.us-east-1.*")


SWALLOWED = """
    import threading
    from concurrent.futures import ThreadPoolExecutor

    import boto3
    import pytest

    KEYS = dict(region_name="us-east-1", aws_access_key_id="AKIA", aws_secret_access_key="x")

    def promote():
        try:
            boto3.client("sagemaker", **KEYS).list_models()
        except:
            pass

    def in_a_pool():
        with ThreadPoolExecutor() as pool:
            pool.submit(boto3.client("sagemaker", **KEYS).list_models)

    def in_a_thread():
        thread = threading.Thread(target=promote)
        thread.start()
        thread.join()

    def in_vain():
        promote()
        pytest.skip("no AWS here")

    @pytest.fixture
    def early({fixture}):
        promote()

    @pytest.fixture
    def late({fixture}):
        yield
        promote()
"""


@pytest.mark.parametrize("fixture", ["sagemaker", "sagemaker_guard"])
@pytest.mark.parametrize("way", ["promote", "in_a_pool", "in_a_thread", "in_vain"])
def test_a_call_that_would_leave_fails_the_test_though_nobody_sees_it_refused(
    project: Project, fixture: str, way: str
) -> None:
    code = """
    def test_promotion({fixture}):
        {way}()

    def test_the_next_one({fixture}):
        pass
    """

    result = project.run((SWALLOWED + code).format(fixture=fixture, way=way))

    assert outcomes(result) == {"failed": 1, "passed": 1}
    result.stdout.fnmatch_lines("*SageMaker.ListModels would have left this machine for api.sagemaker.us-east-1.*")


def test_a_call_that_would_leave_fails_a_test_of_unittest_too(project: Project) -> None:
    code = """
    import unittest

    class TestPromotion(unittest.TestCase):
        @pytest.fixture(autouse=True)
        def guarded(self, sagemaker, sagemaker_guard):
            pass

        def test_promotion(self):
            promote()

        def test_in_vain(self):
            promote()
            self.skipTest("no AWS here")

        def test_nothing(self):
            pass
    """

    result = project.run((SWALLOWED + code).format(fixture="sagemaker"))

    assert outcomes(result) == {"failed": 2, "passed": 1}


def test_a_call_that_would_leave_before_or_after_a_test_is_an_error_of_that_test(project: Project) -> None:
    code = """
    def test_promotion(early):
        pass

    def test_other(late):
        pass

    @pytest.mark.xfail
    def test_that_is_known_to_fail({fixture}):
        promote()
    """

    result = project.run((SWALLOWED + code).format(fixture="sagemaker_guard"))

    assert outcomes(result) == {"errors": 2, "passed": 1, "xfailed": 1}


def test_the_guard_can_stand_before_every_test_of_a_project(project: Project) -> None:
    project.says("usefixtures = sagemaker_guard")

    assert outcomes(project.run(leak(""))) == {"failed": 1}


def test_the_guard_refuses_all_services_if_asked_to(project: Project) -> None:
    result = project.run(leak("sagemaker", "s3", "list_buckets"), "--sagemaker-emulator-guard=all")

    assert outcomes(result) == {"failed": 1}
    result.stdout.fnmatch_lines("*GET / would have left this machine for s3.*")


def test_the_guard_lets_pass_what_moto_answers(project: Project) -> None:
    code = """
        import boto3
        from moto import mock_aws

        @mock_aws
        def test_promotion(sagemaker):
            bucket = boto3.client("s3", region_name="us-east-1")
            bucket.create_bucket(Bucket="artifacts")
            assert len(bucket.list_buckets()["Buckets"]) == 1
            assert sagemaker.client().list_images()["Images"] == []
    """

    assert outcomes(project.run(code, "--sagemaker-emulator-guard=all")) == {"passed": 1}


# --- Beside others ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("transport", ["http", "inprocess"])
def test_each_worker_of_xdist_has_its_own(project: Project, transport: str) -> None:
    code = """
        import pytest

        ROLE = "arn:aws:iam::123456789012:role/SageMaker"

        @pytest.mark.parametrize("round", range(12))
        def test_images(sagemaker, round):
            client = sagemaker.client()
            for number in range(20):
                client.create_image(ImageName=f"image-{number}", RoleArn=ROLE)
            assert len(client.list_images(MaxResults=100)["Images"]) == 20
    """

    result = project.run(code, "-n2", f"--sagemaker-emulator-transport={transport}", apart=True)

    assert outcomes(result) == {"passed": 12}


def test_workers_count_on_from_a_port_that_is_not_free_to_choose(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_XDIST_WORKER", "gw3")
    code = """
        def test_port(sagemaker_emulator_options):
            print("port", sagemaker_emulator_options["port"])
    """

    project.run(code, "-s", "--sagemaker-emulator-port=4700").stdout.fnmatch_lines("*port 4703*")


@pytest.mark.parametrize("transport", ["http", "inprocess"])
def test_asynchronous_tests_have_it_too(project: Project, transport: str) -> None:
    code = """
        import asyncio
        import pytest

        @pytest.mark.asyncio
        async def test_images(sagemaker):
            client = sagemaker.client()
            answers = await asyncio.gather(*(asyncio.to_thread(client.list_images) for _ in range(8)))
            assert [answer["Images"] for answer in answers] == [[]] * 8
    """

    assert outcomes(project.run(code, f"--sagemaker-emulator-transport={transport}", apart=True)) == {"passed": 1}


# --- What it costs ----------------------------------------------------------------------------------------------------


def test_who_does_not_ask_for_it_imports_nothing_of_it(project: Project) -> None:
    code = """
        import sys

        def test_nothing():
            loaded = {name for name in sys.modules if name.split(".")[0] in ("emulator", "boto3", "botocore", "flask")}
            assert loaded == {"emulator", "emulator.interfaces", "emulator.interfaces.pytest_plugin"}
    """

    assert outcomes(project.run(code, apart=True)) == {"passed": 1}


def test_the_package_alone_imports_nothing() -> None:
    code = "import sys, emulator; print({n for n in sys.modules if n.split('.')[0] in ('emulator', 'boto3', 'flask')})"

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout == "{'emulator'}\n"


def test_over_http_nothing_is_left_of_it_at_the_end(project: Project) -> None:
    code = """
        import boto3, threading, pytest

        def test_one(sagemaker_client, sagemaker):
            sagemaker_client.list_models()
            boto3.client("sagemaker", endpoint_url=sagemaker.url, region_name="us-east-1", aws_access_key_id="1",
                         aws_secret_access_key="1").list_models()
    """
    project.pytester.makeconftest("""
        import threading

        def pytest_unconfigure():
            print("threads", threading.active_count())
    """)

    result = project.run(code, "-s", apart=True)

    assert outcomes(result) == {"passed": 1}
    result.stdout.fnmatch_lines("*threads 1*")


@pytest.mark.parametrize("transport", ["http", "inprocess"])
def test_the_calls_that_a_test_made_are_in_its_hand(project: Project, transport: str) -> None:
    code = """
        import pytest

        @pytest.mark.parametrize("round", [1, 2])
        def test_calls(sagemaker, round):
            assert len(sagemaker.calls) == 0
            sagemaker.client().list_models()
            sagemaker.calls.assert_called("ListModels")
            sagemaker.calls.assert_not_called("CreateModel")
    """

    assert outcomes(project.run(code, f"--sagemaker-emulator-transport={transport}")) == {"passed": 2}
