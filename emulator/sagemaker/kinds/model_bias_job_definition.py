"""Definitions of model bias jobs: whether a model favours some over others."""

from emulator.sagemaker.monitoring import definition

KIND = definition("ModelBias")
