"""Accounts and sessions: phone proof, sign-up, log-in, refresh, log-out, and the keys that sign.

`routes.py` is the HTTP surface. `codes.py`, `accounts.py` and `sessions.py` are the rules, one function for one
transaction; `queries.py` is the SQL. `keys.py`, `passwords.py`, `phones.py` and `sms.py` are what they stand on.
"""
