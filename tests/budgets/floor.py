"""Flask and waitress, loaded; an application with one route; and no more."""

import gc
import sys

gc.disable()

from flask import Flask  # noqa: E402 - imports are what is measured
from waitress.server import create_server  # noqa: E402, F401

app = Flask("floor")
app.route("/", methods=["POST"])(lambda: {"Models": []})
assert app.url_map
print(*sys.modules)
