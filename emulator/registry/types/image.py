"""Images: one that fails to be made says so in words of its own."""

from emulator.registry import errors
from emulator.registry.departure import Departure
from emulator.registry.handler import CREATE

TYPE = Departure(failed={CREATE: (errors.GENERAL, errors.NOT_MADE)})
