"""Notebook instances: stopped before they are changed or deleted, and started again once they are changed."""

from emulator.registry.departure import Departure

TYPE = Departure(
    names={"LifecycleConfigName": "NotebookInstanceLifecycleConfigName", "SecurityGroupIds": "SecurityGroups"},
    stopped={"Update": frozenset({"InService"}), "Delete": frozenset({"InService"})},
    restarted=frozenset({"Update"}),
)
