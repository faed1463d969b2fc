"""The questions board: somebody asks, others answer and comment, who asked chooses the best answer.

A *post* is a question, an answer or a comment. What decides over a post is asked behind its row's lock; a question's lock is
taken before that of its answers, theirs before that of comments. Words of a removed post are gone at once, and so is everything
below it. Whoever I
blocked is folded: their posts are there, and marked for my page to fold.

`routes` says what is served; `asking`, `answering`, `commenting` and `liking` change things, `listing` and `reading` show
them; `posts` is what they share, `shelves` knows on which lists a question stands, `pictures` what is shown in a post;
`queries` is the SQL.
"""
