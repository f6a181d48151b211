"""Pipeline definitions that tests send, step by step, and how they run them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.behaviour.examples import IMAGE, SPECIFICATION
from tests.conftest import ROLE

Step = dict[str, Any]


def get(reference: str) -> dict[str, str]:
    """Return a reference."""
    return {"Get": reference}


def train(name: str = "Train", **more: Any) -> Step:
    """Return a step that trains."""
    arguments = {
        "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
        "RoleArn": ROLE,
        "OutputDataConfig": {"S3OutputPath": "s3://bucket/out"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10},
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
    }
    return {"Name": name, "Type": "Training", "Arguments": arguments | more.pop("arguments", {}), **more}


def process(name: str = "Process", **more: Any) -> Step:
    """Return a step that processes."""
    output = {
        "OutputName": "train",
        "S3Output": {"S3Uri": "s3://bucket/train", "LocalPath": "/opt/ml/processing/train", "S3UploadMode": "EndOfJob"},
    }
    arguments = {
        "ProcessingResources": {
            "ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 30}
        },
        "AppSpecification": {"ImageUri": IMAGE},
        "RoleArn": ROLE,
        "ProcessingOutputConfig": {"Outputs": [output]},
    }
    return {"Name": name, "Type": "Processing", "Arguments": arguments | more.pop("arguments", {}), **more}


def model(name: str = "Create", data: Any = "s3://bucket/model.tar.gz", **more: Any) -> Step:
    """Return a step that creates a model."""
    container = {"Image": IMAGE, "ModelDataUrl": data}
    return {
        "Name": name,
        "Type": "Model",
        "Arguments": {"ExecutionRoleArn": ROLE, "PrimaryContainer": container},
        **more,
    }


def broken(name: str = "Broken", **more: Any) -> Step:
    """Return a step that fails: SageMaker refuses a model without a container."""
    return {"Name": name, "Type": "Model", "Arguments": {"ExecutionRoleArn": ROLE}, **more}


def register(name: str = "Register", **more: Any) -> Step:
    """Return a step that registers a model."""
    arguments = {"ModelPackageGroupName": "group", "InferenceSpecification": SPECIFICATION}
    return {"Name": name, "Type": "RegisterModel", "Arguments": arguments | more.pop("arguments", {}), **more}


def fail(name: str = "Stop", message: Any = "it is bad") -> Step:
    """Return a step that fails by itself."""
    return {"Name": name, "Type": "Fail", "Arguments": {"ErrorMessage": message}}


def callback(name: str = "Ask", **more: Any) -> Step:
    """Return a step that waits for an answer."""
    queue = "https://sqs.us-east-1.amazonaws.com/123456789012/queue"
    return {"Name": name, "Type": "Callback", "SqsQueueUrl": queue, "Arguments": {}, **more}


def condition(*conditions: Any, name: str = "Check", yes: tuple[Step, ...] = (), no: tuple[Step, ...] = ()) -> Step:
    """Return a step that decides."""
    arguments = {"Conditions": list(conditions), "IfSteps": list(yes), "ElseSteps": list(no)}
    return {"Name": name, "Type": "Condition", "Arguments": arguments}


def compare(how: str, left: Any, right: Any) -> dict[str, Any]:
    """Return a condition on two values."""
    return {"Type": how, "LeftValue": left, "RightValue": right}


def equal(left: Any, right: Any) -> dict[str, Any]:
    """Return the condition that two values are equal."""
    return compare("Equals", left, right)


def parameter(name: str, of_type: str = "String", **more: Any) -> dict[str, Any]:
    """Return a parameter."""
    return {"Name": name, "Type": of_type, **more}


def definition(*steps: Step, parameters: tuple[dict[str, Any], ...] = (), **more: Any) -> str:
    """Return the text of a pipeline with these steps."""
    return json.dumps({"Version": "2020-12-01", "Parameters": list(parameters), "Steps": list(steps), **more})


def make_pipeline(client: Any, *steps: Step, name: str = "p", tags: dict[str, str] | None = None, **said: Any) -> str:
    """Make a pipeline and return its ARN."""
    more = {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]} if tags else {}
    text = definition(*steps, **said)
    return client.create_pipeline(PipelineName=name, PipelineDefinition=text, RoleArn=ROLE, **more)["PipelineArn"]


def start(client: Any, name: str = "p", parameters: dict[str, str] | None = None, **more: Any) -> str:
    """Start an execution and return its ARN."""
    if parameters:
        more["PipelineParameters"] = [{"Name": key, "Value": value} for key, value in parameters.items()]
    return client.start_pipeline_execution(PipelineName=name, **more)["PipelineExecutionArn"]


def run(client: Any, *steps: Step, tags: dict[str, str] | None = None, **said: Any) -> str:
    """Make a pipeline, start it, and return the execution's ARN."""
    make_pipeline(client, *steps, tags=tags, **said)
    return start(client)


def status(client: Any, execution: str) -> str:
    """Return the status of an execution."""
    return client.describe_pipeline_execution(PipelineExecutionArn=execution)["PipelineExecutionStatus"]


def steps_of(client: Any, execution: str) -> dict[str, dict[str, Any]]:
    """Return the steps of an execution by name, in the order in which they began."""
    pages = client.get_paginator("list_pipeline_execution_steps").paginate(
        PipelineExecutionArn=execution, SortOrder="Ascending"
    )
    return {step["StepName"]: step for page in pages for step in page["PipelineExecutionSteps"]}


def statuses(client: Any, execution: str) -> dict[str, str]:
    """Return the status of each step that began."""
    return {name: step["StepStatus"] for name, step in steps_of(client, execution).items()}


def job_of(step: dict[str, Any]) -> str:
    """Return the ARN of what a step created."""
    ((_, shown),) = step["Metadata"].items()
    return shown["Arn"]


def name_of(step: dict[str, Any]) -> str:
    """Return the name of what a step created."""
    return job_of(step).rpartition("/")[2]


def until(client: Any, execution: str, wanted: Callable[[dict[str, str]], bool]) -> dict[str, str]:
    """Look until the steps are as wanted, and return how they are."""
    for _ in range(30):
        found = statuses(client, execution)
        if wanted(found):
            return found
    raise AssertionError(found)
