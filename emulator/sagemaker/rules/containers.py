"""Container images: what SageMaker makes of the name of one."""

from __future__ import annotations

import hashlib


def digest(image: str) -> str:
    """Return the digest of an image: its own if it names one, else one that is always the same for the same name."""
    _, at, given = image.partition("@")
    return given if at else "sha256:" + hashlib.sha256(image.encode("utf-8", "surrogatepass")).hexdigest()


def resolved(image: str) -> str:
    """Return an image as SageMaker pins it: the repository with the digest in place of the tag."""
    repository = image.partition("@")[0]
    host, slash, path = repository.rpartition("/")
    return f"{host}{slash}{path.partition(':')[0]}@{digest(image)}"
