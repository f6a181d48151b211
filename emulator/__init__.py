"""The SageMaker control plane on one machine: what it knows is AWS's API; what it does not know is machine learning."""

__version__ = "0.1.0"
