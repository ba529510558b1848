"""Ways to show one classification: terminal, badge, one-page label. They round and draw, and judge nothing."""
