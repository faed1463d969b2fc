"""Rooms and who is in them: made, found, joined, left, read.

What is said in a room is chatd's; here is who may hear it. `routes` says what is served, `service` and `membership` what
may happen, each function in one transaction, `lists` what is shown, `latest` what was said last, `queries` the SQL.
"""
