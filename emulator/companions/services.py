"""AWS's other services, as moto answers them: any request that is signed for one of them, in the same account.

moto is loaded with the first such request. What it keeps is the process's: several emulators in one process share it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from functools import cache, cached_property
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from emulator.aws import arn
from emulator.aws.wire import Credential
from emulator.companions.errors import NOT_ANSWERED, NOT_INSTALLED, NOT_SERVED, NotServedError
from emulator.engine.emulator import Emulator
from emulator.engine.neighbours import Identity

if TYPE_CHECKING:
    from emulator.companions.application import Application

Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], Any]

log = logging.getLogger(__name__)

NEEDED = ("moto", "flask_cors")  # what the extra installs, and moto's application cannot do without
# What the extra is for; moto has more, some of which needs more to be installed.
SERVED = (
    *("application-autoscaling", "cloudwatch", "codecommit", "cognito-idp", "dynamodb", "ec2", "ecr", "efs", "events"),
    *("firehose", "iam", "iot", "kinesis", "kms", "lambda", "logs", "s3", "secretsmanager", "servicecatalog", "sns"),
    *("sqs", "ssm", "stepfunctions", "sts"),
)
OURS = ("sagemaker", "cloudformation")  # moto has its own, which are never asked


class Companions:
    """The services that stand beside one emulator, and what it must know of them (its Neighbours)."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._used: set[tuple[str, str]] = set()  # services, each with an account
        self._loading = threading.Lock()
        emulator.control.forgetting.append(self.forget)

    def answer(
        self, service: str, caller: Credential, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Answer a request that is signed for a service; NotServedError if nobody can."""
        if service in OURS:
            raise NotServedError(NOT_SERVED(service=service))
        if not installed():
            raise NotServedError(NOT_INSTALLED(service=service))
        with self._loading:  # clients like to begin with several calls at once
            application = self._application
        self.use(service, caller.account)
        try:
            return application.answer(service, caller, environ, start_response)
        except NotServedError:
            raise
        except NotImplementedError as error:
            raise NotServedError(NOT_ANSWERED(service=service, why=error)) from error
        except Exception as error:
            log.exception("moto failed on a call of %s", service)
            raise NotServedError(NOT_ANSWERED(service=service, why=repr(error))) from error

    def use(self, service: str, account: str) -> None:
        """Note that a service is in use in an account: from now on it is asked for what it has."""
        self._used.add((service, account))
        self._emulator.neighbours = self

    def forget(self, account: str | None = None, region: str | None = None) -> None:
        """Forget everything, or what there is of one account, one region or both."""
        if self._used:
            self._contents.forget(account, region)
        if region is None:
            self._used = {one for one in self._used if account not in (None, one[1])}
        if not self._used:
            self._emulator.neighbours = None

    # moto is loaded by these two, and nothing else.

    @cached_property
    def _application(self) -> Application:
        return import_module("emulator.companions.application").Application()  # type: ignore[no-any-return]

    @cached_property
    def _contents(self) -> Any:
        return import_module("emulator.companions.contents")

    # --- Neighbours ---------------------------------------------------------------------------------------------------

    def identity(self, key: str) -> Identity | None:
        """Return whose an access key is that IAM or STS has handed out; None if they have not."""
        return self._contents.identity(key)  # type: ignore[no-any-return]

    def trusts(self, role: str, service: str) -> bool | None:
        """Say whether the role of an ARN exists and lets a service assume it; None if IAM is not in use there."""
        known = arn.parse(role)
        if known is None or ("iam", known.account) not in self._used:
            return None
        return self._contents.trusts(role, service)  # type: ignore[no-any-return]

    def holds(self, account: str, bucket: str, key: str, *, exact: bool) -> bool | None:
        """Say whether a bucket holds an object of a key, or some whose keys begin so; None if S3 is not in use."""
        if ("s3", account) not in self._used:
            return None
        keys = self._contents.keys(bucket, key)
        return key in keys if exact else any(True for _ in keys)

    def read(self, account: str, bucket: str, key: str) -> bytes | None:
        """Return an object; LookupError if it is not there, None if S3 is not in use."""
        return self._contents.content(bucket, key) if ("s3", account) in self._used else None


@cache
def installed() -> bool:
    """Say whether the extra is installed, without loading it."""
    return all(find_spec(name) for name in NEEDED)
