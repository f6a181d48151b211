"""Definitions of model quality jobs: how well a model predicts what came true."""

from emulator.sagemaker.rules.monitoring import definition

KIND = definition("ModelQuality")
