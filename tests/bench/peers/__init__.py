"""Who we are compared with: a folder for each, with its program (or its settings) and the lock of what it is made of.

Each does the same work: people hear rooms, a message said in a room is delivered to all who hear it, and its sender gets
an answer. What an answer of theirs promises differs, so each says it in its target's note. What they are made of is
fetched by `packages`, never part of our own environment. Settings are those that favour the peer.
"""
