"""The chat daemon: live rooms over WebSocket, on Trio. Replicas are alike; any of them serves anybody in any room.

A frame's way in: `listener` accepts, `connection` reads and decodes, `commands` decides, `log_writer` gives it a place
on the bus and answers once it is in the durable log. Its way out: `bus_reader` reads the bus on every replica, `hub`
makes one blob of bytes a room, `transport` hands it to each member's socket.
"""
