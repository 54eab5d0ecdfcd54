"""What happens elsewhere or later: a row in the transaction that causes it, a worker that handles it."""
