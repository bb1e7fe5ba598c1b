"""What a gallery can promise, and what is wrong with it."""
