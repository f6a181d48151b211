"""Studio lifecycle configurations: scripts that run when an app starts."""

from emulator.engine.kind import Kind, Listing

KIND = Kind("StudioLifecycleConfig", listing=Listing(paths={"AppType": "StudioLifecycleConfigAppType"}))
