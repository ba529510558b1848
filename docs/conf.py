"""How Sphinx builds the documentation site: ``make site``."""

from __future__ import annotations

from mining.version import package_version

project = "hf-carbon"
author = "The hf-carbon authors"
copyright = "The hf-carbon authors"  # noqa: A001 - Sphinx's name
version = release = package_version()
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
exclude_patterns = ["_build", "replication-2023"]
html_theme = "pydata_sphinx_theme"
html_theme_options = {"show_prev_next": False, "navigation_with_keys": False, "header_links_before_dropdown": 3}
html_sidebars = {"**": list[str]()}  # the pages have one level; the empty column took a quarter of the width
html_title = "hf-carbon"
html_show_sourcelink = False
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
autodoc_typehints = "description"
suppress_warnings = ["myst.xref_missing", "misc.highlighting_failure"]
