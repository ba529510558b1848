"""The loopback HTTP server that behaves as the Hub where it matters to a crawler."""
