// Exact decimal arithmetic; knows nothing of trading.
