"""Lets a checkout run ``python -m analysis`` without installation."""

from analysis.cli import main

if __name__ == "__main__":
    main()
