"""Human task UIs: templates of what reviewers see. The template is not shown again, only its digest and where it is."""

from __future__ import annotations

import hashlib

from emulator.engine.kind import Kind, Making


def template(making: Making) -> dict[str, str]:
    """Return where the template is, and its digest."""
    content = making.members["UiTemplate"]["Content"].encode("utf-8", "surrogatepass")
    name = making.members["HumanTaskUiName"]
    bucket = f"sagemaker-human-task-uis-{making.region}"
    return {
        "Url": f"https://{bucket}.s3.{making.region}.amazonaws.com/{making.account}/{name}/template.liquid.html",
        "ContentSha256": hashlib.sha256(content).hexdigest(),
    }


KIND = Kind("HumanTaskUi", shown={"UiTemplate": template})
