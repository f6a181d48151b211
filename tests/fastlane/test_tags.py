from tests.behaviour.test_tags import *
