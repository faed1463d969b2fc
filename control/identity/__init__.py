"""Accounts and sessions: proof of a contact, sign-up, log-in, refresh, log-out, resets, and the keys that sign.

`routes.py` is the HTTP surface. `codes.py`, `accounts.py`, `sessions.py`, `refreshing.py`, `resets.py`, `owning.py` and
`changing.py` are the rules, one function for one transaction; `queries.py` is the SQL. `keys.py`, `passwords.py` and
`phones.py` are what they stand on; `sms.py` and `mail.py` are the ports to phones and mailboxes, `nhn.py` an adapter of the
first.
"""
