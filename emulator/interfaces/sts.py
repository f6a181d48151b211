"""GetCallerIdentity, which every client asks before its first call: AWS's Query protocol, XML."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from emulator.aws import arn
from emulator.aws.errors import ServiceError
from emulator.aws.wire import Credential
from emulator.engine.emulator import Emulator
from emulator.interfaces import way
from emulator.interfaces.way import Answer, Environ, StartResponse, Wsgi

_ANSWER = """<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <GetCallerIdentityResult>
    <Arn>{arn}</Arn>
    <UserId>{user}</UserId>
    <Account>{account}</Account>
  </GetCallerIdentityResult>
  <ResponseMetadata>
    <RequestId>{request}</RequestId>
  </ResponseMetadata>
</GetCallerIdentityResponse>
"""


def way_in(emulator: Emulator) -> Wsgi:
    """Return the way in that tells callers who they are."""

    def answer(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        request, settings = emulator.chance.uuid(), emulator.settings
        credential = Credential(environ.get("HTTP_AUTHORIZATION", ""), settings.account, settings.region)
        try:
            asked = parse_qs(way.body(environ).decode("utf-8", "replace"))
        except ServiceError as error:
            return Answer(error.status, way.XML, b"").send(start_response, request)
        if asked.get("Action") != ["GetCallerIdentity"]:
            return Answer(404, way.XML, way.XML_UNKNOWN).send(start_response, request)
        return Answer(200, way.XML, identity(credential, request)).send(start_response, request)

    return answer


def identity(credential: Credential, request: str) -> bytes:
    """Return who a caller is."""
    root = arn.Arn(arn.partition(credential.region), "iam", "", credential.account, "root")
    user = escape(credential.key or credential.account)
    return _ANSWER.format(arn=root, user=user, account=credential.account, request=request).encode()
