"""The same process: the same behaviour as over a socket, byte by byte, and nobody else's calls are touched."""
