"""Definitions of model explainability jobs: what a model's predictions depend on."""

from emulator.sagemaker.rules.monitoring import definition

KIND = definition("ModelExplainability")
