"""Badges: what people are awarded, by rules that admins choose or by admins themselves.

A rule is one of a few kinds with its numbers (`rules.py`), and whether time in rooms satisfies it is decided without any
store (`counting.py`). `judging.py` looks at whoever's time changed, `arrears.py` at everybody for a new badge,
`awarding.py` awards, each badge once to a person; `editing.py` and `granting.py` are the admins', `showing.py` what people
see.
"""
