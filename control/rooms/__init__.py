"""Rooms and who is in them: made, found, joined, left, read.

What is said in a room is chatd's; here is who may hear it. `routes` says what is served; `making`, `membership` and
`reading` what may happen and what is shown, each function in one transaction or one statement; `latest` asks the room log
what was said last; `queries` is the SQL.
"""
