"""The command line's way to the first answer, without the socket; prints which modules that took."""

import gc
import sys
from io import BytesIO

gc.disable()

from emulator.interfaces import cli, server  # noqa: E402 - imports are what is measured
from emulator.interfaces.http import create_app  # noqa: E402
from emulator.sagemaker.service import sagemaker  # noqa: E402

assert cli, server
app = create_app(sagemaker())
app.emulator.catalogue.coverage()
said = {
    "PATH_INFO": "/",
    "QUERY_STRING": "",
    "REQUEST_METHOD": "POST",
    "CONTENT_TYPE": "application/x-amz-json-1.1",
    "CONTENT_LENGTH": "2",
    "HTTP_X_AMZ_TARGET": "SageMaker.ListModels",
    "wsgi.input": BytesIO(b"{}"),
}
assert b"Models" in b"".join(app.wsgi_app(said, lambda *_: None))
print(*sys.modules)
