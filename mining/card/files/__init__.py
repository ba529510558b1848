"""Files beside the card: meters' tables and logs."""
