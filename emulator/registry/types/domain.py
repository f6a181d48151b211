"""Domains: an update calls their settings otherwise."""

from emulator.registry.departure import Departure

TYPE = Departure(
    names={
        "DomainSettings": "DomainSettingsForUpdate",
        "DomainSettings.RStudioServerProDomainSettings": "RStudioServerProDomainSettingsForUpdate",
    }
)
