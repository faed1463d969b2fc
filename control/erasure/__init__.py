"""People who leave for good, by themselves or put out by an admin.

A **deleted** account is closed at once: its sessions end, its live sockets close, nobody logs in, and nobody finds it. It
is all still there, and for thirty days an admin can restore it; until it is erased, its e-mail address, phone number and
nickname stay its own, so that what comes back is what went.

Then it is **erased**, by whichever process has the turn: first who it was is forgotten, in one transaction that cannot be
taken back (`forgetting`); then whoever it was gives up their places in classes and leaves their rooms, what they said there
is blanked, what they wrote on the board is taken back (`posts`), their files go; and last the account is marked as erased.
What is left to do is always what is still there, so whoever is killed at it leaves a shorter list. The row itself stays,
without a word in it: others' rows refer to it.

`closing` deletes and restores, `erasing` is the rest, `queries` is the SQL.
"""
