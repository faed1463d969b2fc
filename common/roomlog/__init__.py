"""The room log: what was said, in one dense order for each room, for ever.

Redis gives each event its place and carries it to every replica (`bus`); MongoDB keeps it (`log`) and is the arbiter
when Redis forgot. `journal` joins the two: append, positions, and what to do when they disagree.
"""
