"""Files of people: asked for, sent straight to the S3 store, confirmed, read by signed URLs, swept away.

A client asks and is signed one PUT or POST for one file of that size and type, under a key of `incoming/`, for two
minutes. When it says that the file is there, we look: at its size, at its first bytes, at the picture if it claims to be
one. Only then it is copied to its place under `files/`, which nobody was ever signed to write to; so what was looked at
cannot be changed afterwards. Whatever is not confirmed within the hour is swept away, and what is in use nowhere a day
later: so no more of one person's lies here unused than the largest message carries.

`purposes` is the table of what may be sent, `asking`, `confirming`, `reading` and `sweeping` are its life, `pictures` knows
Pillow, `queries` is the SQL. What a file is for is linked elsewhere: a profile, a room, a message; where all of that is,
says `upload_is_used` of the schema.
"""
