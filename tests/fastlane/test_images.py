from tests.behaviour.test_images import *
