from tests.behaviour.test_feature_records import *
