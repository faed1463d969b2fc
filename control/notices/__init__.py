"""Notices: what admins tell everybody, read over HTTP by anybody, its titles pushed to whoever is connected.

`queries.py` is the SQL, `notices.py` the rules, one function for one transaction; `routes.py` is the HTTP surface.
"""
