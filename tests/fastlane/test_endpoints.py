from tests.behaviour.test_endpoints import *
