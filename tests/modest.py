"""How hypothesis looks for counterexamples here: modestly, without a deadline, the same ones on every run."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile(
    "modest",
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
settings.load_profile("modest")
