"""Hubs: where models and notebooks are published."""

from emulator.engine.kind import Kind, Listing

KIND = Kind("Hub", listing=Listing(paths={"AccountIdOwner": "AccountIdOwner"}))  # all hubs here have the same owner
