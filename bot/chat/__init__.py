"""The channel-neutral kernel: what came in, what goes out and what it looks like. Knows no channel."""
