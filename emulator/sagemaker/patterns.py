"""Patterns that SageMaker prints otherwise than botocore writes them: seen in AWS's own messages.

botocore's model has lost the leading ``^`` of many patterns; the service prints those of its own model. Only what was
seen is here: every other pattern is printed as botocore has it.
"""

PRINTED = {
    # codeqwen1.5 … at 'modelName' (2024)
    "ModelName": r"^[a-zA-Z0-9]([\-a-zA-Z0-9]*[a-zA-Z0-9])?",
    # zenml#1500
    "PipelineName": r"^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,255}",
    # amazon-sagemaker-examples#2289, #2277 (2021, with {1,5}; the documentation says {1,9} by now)
    "VersionedArnOrName": (
        r"(arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]*:[0-9]{12}:[a-z\-]*\/)?"
        r"([a-zA-Z0-9]([a-zA-Z0-9-]){0,62})(?<!-)(\/[0-9]{1,9})?$"
    ),
}
