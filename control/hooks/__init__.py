"""Incoming webhooks: an address at which another system says something in a room.

Its owner or a moderator makes one, and is shown the address once: whoever has it may speak there, so the secret in it is
kept as a hash, compared in constant time, and struck from what is logged.
"""
