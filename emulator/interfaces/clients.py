"""boto3 sessions that know no other service than the emulator."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.configprovider import ConstantProvider
from botocore.loaders import Loader, create_loader

from emulator.companions.services import installed
from emulator.interfaces import guard
from emulator.interfaces.inprocess import SERVICES, Route, attach


class LocalSession(boto3.Session):  # type: ignore[misc] # boto3 has no types
    """A boto3 session whose calls stay on this machine.

    SageMaker's services go by the route, also where a client has AWS's address built in, as the SageMaker SDK has for
    STS, and where the companions are installed all services do. Of other calls those are refused that would leave the
    machine: what another mock answers, or a server on this machine, is not.
    """

    def __init__(self, route: Route, account: str, region: str, url: str | None = None) -> None:
        core = botocore.session.Session()
        # Nothing of the machine's profiles, credentials and proxies counts.
        core.get_component("config_store").set_config_provider("profile", ConstantProvider(None))
        core.set_config_variable("config_file", os.devnull)
        core.set_config_variable("credentials_file", os.devnull)
        core.set_credentials(account, "local")
        core.register_component("data_loader", _loader(core.get_config_variable("data_path")))
        # botocore would make up another user agent for each call, and take as long for it as the emulator for the call.
        core.set_default_client_config(Config(proxies={}, user_agent="sagemaker-emulator"))
        super().__init__(botocore_session=core, region_name=region)
        paths = core.get_component("data_loader").search_paths
        paths[:] = dict.fromkeys(paths)  # boto3 adds its own with every session
        attach(self, route)
        self._url = url

    def client(self, service_name: str, *args: Any, **more: Any) -> Any:
        """Return a client, as boto3 does."""
        here = service_name in SERVICES or installed()
        if here and self._url is not None and len(args) < 5:  # the fifth would be the same
            more.setdefault("endpoint_url", self._url)
        client = super().client(service_name, *args, **more)
        endpoint = client._endpoint  # noqa: SLF001 - the last station of a request that nobody has answered
        endpoint.http_session = _Guarded(endpoint.http_session)
        if service_name.startswith("sagemaker"):
            # Its address is the same for each call. botocore would go through rules for it, call by call.
            client._ruleset_resolver = None  # noqa: SLF001
        return client


class _Guarded:
    """A botocore HTTP session that sends nothing off this machine."""

    def __init__(self, session: Any) -> None:
        self._session = session

    def send(self, request: Any) -> Any:
        guard.check(request)
        return self._session.send(request)

    def close(self) -> None:
        self._session.close()


@cache
def _loader(data_path: str | None) -> Loader:
    """Return the loader that all sessions share: it reads a service's model once."""
    return create_loader(data_path)
