"""ListAliases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.engine import paging, versions
from emulator.engine.scope import Scope

PAGE = 10


def list_aliases(scope: Scope, params: Mapping[str, Any]) -> dict[str, Any]:
    """List the aliases of an image, or of one of its versions, in alphabetical order."""
    aliases = versions.aliases(scope, scope.resources.resource("ImageVersion"), params)
    query = paging.query("ListAliases", scope.place.account, scope.place.region, dict(params))
    if params.get("NextToken"):
        behind = paging.position(query, params["NextToken"])[0]
        aliases = [alias for alias in aliases if alias > behind]
    kept, last = paging.page(aliases, params.get("MaxResults", PAGE), lambda _: True, filter_first=False)
    more = {"NextToken": paging.token(query, (last, 0))} if last else {}
    return {"SageMakerImageVersionAliases": kept, **more}


OPERATIONS = {"ListAliases": list_aliases}
