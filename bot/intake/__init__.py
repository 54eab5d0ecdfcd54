"""From a wish to a use case: questions, the systems behind them, and what IT gets."""
