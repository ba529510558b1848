"""Sources beside the Hub itself: the published 2023 files, the public dumps, a folder of cards.

Each becomes a raw snapshot.
"""
