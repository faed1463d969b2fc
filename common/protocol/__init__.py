"""The wire between a client and chatd: every command, reply and push as a Struct.

JSON text frames, one object a frame; `type` is the tag. Unknown fields are ignored, so that fields can be added; an
unknown type is answered with an error. A command may carry `id`; then exactly one `reply` carries the same. Times are
whole milliseconds since 1970 UTC, durations end in `_ms`, ids of people, rooms and sessions are UUID text.

A **position** `{epoch, seq}` is a reader's place in a room: `seq` counts the room's lasting events from 1 without a
hole; `epoch` changes when the bus had to begin anew, and a position of another epoch proves nothing.

An **event** is what lasts: it has a `seq`, it is stored before its sender hears of it, and it is replayed to whoever
comes back; every other push is news of the moment.

A **state** is what a message has become: its text after edits, its tombstone, its reactions, its pin, how many replied.
Events are never changed, but that what was deleted is blank from then on. A client that applies `message.edited`,
`message.deleted`, `reaction` and `pin` to the message `of` holds the same state as the server tells on a page: of two
edits the one with the higher `seq` counts, of two changes of one person's reaction likewise, and nothing counts for a
message that was deleted, before or after.

`commands` is what clients ask for, `replies` what they are answered with; `events` and `news` are what they are told. All of
that is spoken of by its name here, as `protocol.Message`. Nothing in it acts.
"""

from common.protocol.commands import *
from common.protocol.events import *
from common.protocol.news import *
from common.protocol.replies import *
from common.protocol.values import *
