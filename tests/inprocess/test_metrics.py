from tests.behaviour.test_metrics import *
