"""What calls may cost, in counts that do not depend on the machine: function calls, instructions, bytes, modules."""
