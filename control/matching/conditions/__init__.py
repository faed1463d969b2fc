"""Conditions: the places, ways and kinds that people look for company by, as lists that admins edit."""
