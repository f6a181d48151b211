"""Definitions of data quality jobs: how far the data that an endpoint gets has drifted."""

from emulator.sagemaker.rules.monitoring import definition

KIND = definition("DataQuality")
