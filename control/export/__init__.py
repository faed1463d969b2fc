"""A copy of everything that is somebody's own, as one zip file, for them to take along.

It is asked for, made behind everybody's back by whichever process has the turn, and kept for a week: `queued`, `working`,
then `ready` or `failed`, and `expired` at last. Whoever is killed at it leaves it `working`, and the next one begins it anew.

`asking` takes wishes and shows what became of them, `making` makes copies and sweeps old ones away, `contents` says what is
in one, `zipping` is the file itself, `queries` is the SQL.
"""
