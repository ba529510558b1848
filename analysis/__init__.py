"""From typed tables to answers, figures, reports and verdicts."""
