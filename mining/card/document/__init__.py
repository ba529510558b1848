"""The card as a document: front matter, lines, sections, tables, plain text."""
