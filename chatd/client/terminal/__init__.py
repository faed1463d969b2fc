"""The terminal chat: a transcript above one line to type in, or plain lines when there is no terminal.

Pure: `text` (how wide characters are), `keys` (bytes to keys), `line` (the line one types), `transcript` (what was said),
`layout` (all of it as rows). Moving: `window` (the terminal itself), `talk` (rooms and people), `entrance` (logging in),
`plain` (pipes). `words` holds every sentence in English and Korean.
"""
