"""Mentors: who applies to be one, who is, and who follows them."""
