"""Posts that look for company: written, joined, talked about, and confirmed by who wrote them, which makes a match of them.

An anonymous post names nobody, in no list, comment or piece of news, but to its own people once they are matched. Until then
the author is the mark 0 and everybody else a number. So a block of one's own does not hide an anonymous post: whoever it
vanished from would know who wrote it.
"""
