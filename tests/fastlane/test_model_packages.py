from tests.behaviour.test_model_packages import *
