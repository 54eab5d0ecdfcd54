"""What was submitted: requests, their history, who stands behind them.

Intake fills it, triage works on it; neither knows the other.
"""
