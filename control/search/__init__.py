"""One box over rooms, questions, mentors and classes.

What is found, is found by keystrokes (the SQL function `keystrokes` says why): every word of what was typed, anywhere in a
word of a title, a label or a text; and when that finds little, what looks alike. It is ranked in the database, in a bounded
amount of work however much there is, and the ranking is what is cached; what is shown of it is read anew each time, by
whoever asks, so a number of members is never an old one, and nothing is shown that is not to be seen any more. Lists that
leave out what lacks a word do so by themselves (`control/rooms/listing` says why).

`kinds` is the table of what can be found, `finding` does it, `cache` keeps rankings in Redis, `generations` knows since when
they hold, `queries` is the SQL, `routes` says what is served. Which rows are searched is decided by triggers in the schema.
"""
