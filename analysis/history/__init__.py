"""The Hub over time: a series of dates, what changed between them, and how models come to report."""
