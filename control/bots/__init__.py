"""Bots: accounts without a person, the API tokens they come with, and the rooms their owners put them into.

A bot is made by a mentor or an admin, who owns it: it speaks under a name of its own and its token is a standing
credential, so it takes somebody whom the community knows: who is neither any more makes none, theirs fall silent, and
they can still end them. In a room a bot is a member like any other.
"""
