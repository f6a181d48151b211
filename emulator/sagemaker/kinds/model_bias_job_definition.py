"""Definitions of model bias jobs: whether a model favours some over others."""

from emulator.sagemaker.rules.monitoring import definition

KIND = definition("ModelBias")
