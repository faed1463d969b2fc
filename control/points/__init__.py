"""Points: a double-entry ledger, who is granted some, and everybody's own statement."""
