"""What people report to admins: a message, a person, a room, a post on the board, a review; and what becomes of it.

`routes` says what is served; `reporting` takes reports, `reviewing` shows and resolves them; `queries` is the SQL.
"""
