"""Every sentence of this package that a client can read, each once."""

from __future__ import annotations

from emulator.aws.errors import Sentence

NOT_INSTALLED = Sentence(
    "{service} is served where the extra is installed: pip install 'sagemaker-emulator[aws]'.",
    "D",
    "the emulator's own",
)
NOT_SERVED = Sentence("{service} is served neither by the emulator nor by moto.", "D", "the emulator's own")
NOT_ANSWERED = Sentence("moto does not answer this call of {service}: {why}", "D", "the emulator's own")
NOT_THERE = Sentence("Resource of type '{type}' with identifier '{identifier}' was not found.", "A", "AWS's handlers")
NOT_UPDATED = Sentence("moto cannot update a {type}: {identifier} stays as it is.", "D", "the emulator's own")
NOT_EMPTY = Sentence("The bucket you tried to delete is not empty", "A", "S3's answer")
NOT_LISTED = Sentence("moto does not tell which {type} there are.", "D", "the emulator's own")


class NotServedError(Exception):
    """Nobody answers a request; the text says why."""
