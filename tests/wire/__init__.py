"""What goes over the wire, byte by byte: protocol, refusals, golden exchanges, and the command that serves it."""
