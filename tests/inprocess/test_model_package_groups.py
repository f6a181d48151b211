from tests.behaviour.test_model_package_groups import *
