"""Flask with a dictionary for a store: no validation, no errors, no pages. ``python bare.py SERVER PORT``."""

import json
import signal
import sys

from flask import Flask, Response, request

app = Flask(__name__)
models: dict[str, object] = {}


@app.post("/")
def answer() -> Response:
    """Keep a model, show it, or list none."""
    params = json.loads(request.data)
    operation = request.headers["X-Amz-Target"].partition(".")[2]
    if operation == "CreateModel":
        models[params["ModelName"]] = params
        said: object = {"ModelArn": f"arn:aws:sagemaker:us-east-1:123456789012:model/{params['ModelName']}"}
    elif operation == "DescribeModel":
        said = models[params["ModelName"]]
    else:
        said = {"Models": []}
    return Response(json.dumps(said), content_type="application/x-amz-json-1.1")


def behind_waitress(port: int) -> None:
    """Serve as the emulator does by default."""
    from waitress import serve

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    serve(app, host="127.0.0.1", port=port, threads=8, connection_limit=2000, backlog=1024)


def behind_granian(port: int) -> None:
    """Serve as the emulator does with ``--server granian``: by one thread, since several would take turns."""
    from granian import Granian
    from granian.constants import Interfaces

    Granian("bare:app", port=port, interface=Interfaces.WSGI, blocking_threads=1, log_enabled=False).serve()


if __name__ == "__main__":
    {"waitress": behind_waitress, "granian": behind_granian}[sys.argv[1]](int(sys.argv[2]))
