from tests.behaviour.test_cloud_control import *
