from tests.behaviour.test_inference import *
