"""The explorer: a whole snapshot in one offline page, to search, filter and count exactly."""
