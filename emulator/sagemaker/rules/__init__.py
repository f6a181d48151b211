"""What SageMaker works out, and the languages it reads: pure functions that know no store, no clock, no way in."""
