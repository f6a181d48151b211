"""Definitions of model explainability jobs: what a model's predictions depend on."""

from emulator.sagemaker.monitoring import definition

KIND = definition("ModelExplainability")
