"""Synthetic models, cards and dumps for the sample Hub, made from a seed; shares nothing with the readers."""
