"""Rooms and who is in them: made, found, joined, left, read, kept in order.

What is said in a room is chatd's; here is who may hear it. `routes`, `moderation_routes` and `inviting_routes` say what is
served; `making`, `membership`, `inviting`, `changing`, `moderation` and `reading` what may happen and what is shown, each
function in one transaction or one statement; `ranks` who may do what to whom, `acting` sees to it behind the room's lock,
`auditing` shows what was done; `latest` asks the room log what was said last; `queries` is the SQL.
"""
