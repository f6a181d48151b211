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
    query = paging.query("ListAliases", scope.place.account, scope.place.region, params)
    kept, following = paging.window(query, params, aliases, lambda alias: (alias, 0), PAGE)
    return {"SageMakerImageVersionAliases": kept} | ({"NextToken": following} if following else {})


OPERATIONS = {"ListAliases": list_aliases}
