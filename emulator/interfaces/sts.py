"""GetCallerIdentity, which every client asks before its first call: AWS's Query protocol, XML."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from emulator.aws import arn
from emulator.aws.errors import ServiceError
from emulator.aws.wire import Credential
from emulator.engine.emulator import Emulator
from emulator.engine.neighbours import Identity
from emulator.interfaces import companions, way
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
    """Return the way in that tells callers who they are; all else is the companions'."""
    others = companions.way_in(emulator)

    def answer(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        request = emulator.chance.uuid()
        try:
            body = way.body(environ)
        except ServiceError as error:
            return Answer(error.status, way.XML, b"").send(start_response, request)
        asked = parse_qs(body.decode("utf-8", "replace") or environ["QUERY_STRING"])
        if "Action" not in asked:
            return Answer(404, way.XML, way.XML_UNKNOWN).send(start_response, request)
        if asked["Action"] != ["GetCallerIdentity"]:
            environ["wsgi.input"] = BytesIO(body)
            return others(environ, start_response)
        known = identity(emulator, way.credential(emulator, environ))
        said = {name: escape(value) for name, value in known._asdict().items()}
        return Answer(200, way.XML, _ANSWER.format(**said, request=request).encode()).send(start_response, request)

    return answer


def identity(emulator: Emulator, credential: Credential) -> Identity:
    """Return who a caller is: whom its key was handed out to, or else an account's root."""
    known = emulator.neighbours.identity(credential.key) if emulator.neighbours else None
    root = arn.Arn(arn.partition(credential.region), "iam", "", credential.account, "root")
    return known or Identity(credential.account, str(root), credential.key or credential.account)
