"""AI workload configurations: what a benchmark sends, and how."""

from emulator.engine.kind import Kind

KIND = Kind("AIWorkloadConfig", noun="AI workload configuration")
