"""From the Hub to typed tables: crawl, read cards, normalize, build."""
