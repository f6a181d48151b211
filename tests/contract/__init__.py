"""AWS's own contract tests for handlers of resource types, on ours."""
