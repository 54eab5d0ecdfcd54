"""From submitted to delivered: who acts next, by when, and what both sides read."""
