"""What fills an empty Madang: people and rooms to try it with, and rooms by the million to measure it with.

None of it is made in production.
"""
