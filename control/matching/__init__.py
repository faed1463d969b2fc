"""Matching: people who look for company, to study or to eat, are brought together, and meet in a room of their own.

A match comes of a post that others joined, or of two applications that fit. However it came about, it is the same thing
from then on: `matches.py` makes it.
"""
