"""GetCallerIdentity, which every client asks before its first call: AWS's Query protocol, XML."""

from __future__ import annotations

from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from emulator.aws import arn
from emulator.aws.wire import Credential

CONTENT_TYPE = "text/xml"
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


def answer(body: bytes, credential: Credential, request: str) -> bytes | None:
    """Return who the caller is; None if that is not what a form asks."""
    asked = parse_qs(body.decode("utf-8", "replace"))
    if asked.get("Action") != ["GetCallerIdentity"]:
        return None
    root = arn.Arn(arn.partition(credential.region), "iam", "", credential.account, "root")
    user = escape(credential.key or credential.account)
    return _ANSWER.format(arn=root, user=user, account=credential.account, request=request).encode()
