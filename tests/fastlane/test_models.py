from tests.behaviour.test_models import *
