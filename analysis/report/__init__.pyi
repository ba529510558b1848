from .writer import Rendered as Rendered
from .writer import render as render
