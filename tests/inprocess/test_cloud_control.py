import json

from emulator import SageMaker
from tests.behaviour.test_cloud_control import *
from tests.conftest import ROLE


def test_the_handle_has_clients_of_it() -> None:
    with SageMaker() as sagemaker:
        state = json.dumps({"ImageName": "i", "ImageRoleArn": ROLE})
        sagemaker.client("cloudcontrol").create_resource(TypeName="AWS::SageMaker::Image", DesiredState=state)
        assert sagemaker.client().describe_image(ImageName="i")["ImageStatus"] == "CREATED"
        described = sagemaker.client("cloudformation").describe_type(Type="RESOURCE", TypeName="AWS::SageMaker::Image")
        assert described["ProvisioningType"] == "FULLY_MUTABLE"
