"""Standard models of common model zoos, as Inference Recommender knows them: a few of them."""

from __future__ import annotations

_VISION, _LANGUAGE, _TABULAR = "COMPUTER_VISION", "NATURAL_LANGUAGE_PROCESSING", "MACHINE_LEARNING"
_TENSORFLOW, _PYTORCH, _MXNET = ("TENSORFLOW", "2.8"), ("PYTORCH", "1.12"), ("MXNET", "1.8.0")
_XGBOOST, _SCIKIT = ("XGBOOST", "1.3.1"), ("SAGEMAKER-SCIKIT-LEARN", "1.0-1")

_MODELS = (
    (_VISION, "IMAGE_CLASSIFICATION", "resnet50", (_TENSORFLOW, _PYTORCH, _MXNET)),
    (_VISION, "IMAGE_CLASSIFICATION", "efficientnetb7", (_TENSORFLOW,)),
    (_VISION, "IMAGE_CLASSIFICATION", "mobilenetv2", (_TENSORFLOW, _PYTORCH)),
    (_VISION, "IMAGE_CLASSIFICATION", "densenet201", (_TENSORFLOW, _PYTORCH)),
    (_VISION, "IMAGE_SEGMENTATION", "unet", (_TENSORFLOW, _PYTORCH)),
    (_VISION, "OBJECT_DETECTION", "yolov4", (_PYTORCH,)),
    (_VISION, "OBJECT_DETECTION", "faster-rcnn", (_TENSORFLOW, _PYTORCH)),
    (_LANGUAGE, "FILL_MASK", "bert-base-cased", (_TENSORFLOW, _PYTORCH)),
    (_LANGUAGE, "FILL_MASK", "distilbert-base-uncased", (_PYTORCH,)),
    (_LANGUAGE, "TEXT_GENERATION", "gpt2", (_TENSORFLOW, _PYTORCH)),
    (_TABULAR, "CLASSIFICATION", "xgboost", (_XGBOOST,)),
    (_TABULAR, "REGRESSION", "xgboost", (_XGBOOST,)),
    (_TABULAR, "CLASSIFICATION", "sagemaker-scikit-learn", (_SCIKIT,)),
    (_TABULAR, "REGRESSION", "sagemaker-scikit-learn", (_SCIKIT,)),
)

MODELS: tuple[dict[str, str], ...] = tuple(
    {"Domain": domain, "Framework": framework, "Task": task, "Model": model, "FrameworkVersion": version}
    for domain, task, model, frameworks in _MODELS
    for framework, version in frameworks
)
