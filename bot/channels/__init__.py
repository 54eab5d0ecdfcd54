"""The channels: listeners, pure renderers and senders. Each knows its vendor, none knows a feature."""
