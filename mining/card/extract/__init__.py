"""Claims of each field, with their place and words."""
