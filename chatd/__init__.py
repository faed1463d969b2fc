"""The chat daemon: live rooms over WebSocket, on Trio. Replicas are alike; any of them serves anybody in any room.

A frame's way in: `listener` accepts, `connection` reads and decodes, `commands` decides, `log_writer` gives it a place
on the bus and answers once it is in the durable log. Its way out: `bus_reader` reads the bus on every replica, `hub`
makes one blob of bytes a room, `transport` hands it to each member's socket.

What that costs is measured by `tests/bench/budget.py`. As a rule of thumb, where each of two replicas with 250 members takes all
that a machine of two cores gives, a send costs a replica 95 µs of CPU time, half of them for sends that came in at the other:

    30  system calls; the most are `send`, one a member for each batch of the bus
    20  reading a sender's socket: the WebSocket library, decoding, the connection's own limits
     7  reading the bus                       7  Trio's own turns
     6  places in the bus, a batch a call     6  answers to what is logged, marks, state
     4  rights, limits and rules              4  cursors, mentions, presence
     4  around a member's system call         3  frames of what the bus brought
     2  documents for the log                 2  threads

Beside that, the bus's server spends 43 µs on it and the log's 120. With less to do, less goes together, and each costs more.
"""
