"""The Hub at a series of dates: which dates there are, and what one of them shows of every model."""
