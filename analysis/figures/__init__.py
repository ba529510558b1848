"""Figures: a contract that every figure keeps, and drawing functions that take result tables and compute nothing."""
