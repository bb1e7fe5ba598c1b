"""How faces are named, and what the last fit changed."""
