"""Words and tools that control and chatd share: the wire, the room log, tokens, settings, and the seams to the stores.

Nothing here imports control or chatd; a test walks the imports and says so.
"""
