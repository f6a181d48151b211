"""Projects: their template is shown by another name, and all that changes of them is their tags."""

from emulator.registry.departure import Departure

TYPE = Departure(
    operations={"Update": "none"},
    names={
        "TemplateProviderDetails": "TemplateProviders",
        "TemplateProviderDetails[].CfnTemplateProviderDetail": "CfnTemplateProvider",
    },
    unsent={"ServiceCatalogProvisionedProductDetails": "only the service says it"},
)
