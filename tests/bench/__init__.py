"""Benchmarks: what Madang does beside others, on the same machine, by the same generator, in the same run.

    tests/bench/run --quick         everything in small, in some minutes: whether it works
    tests/bench/run                 figures to go by, in about two hours, on a machine that does nothing else
    .venv/bin/python tests/bench/fanout.py --help           one of them

Machines differ and are never quiet, so a figure alone says little: every claim is a ratio, taken within one run and shown as
the median of alternating runs. A benchmark never fails a run of the tests; it prints a table and, as its last line, one JSON
object. `run` puts the figures of all into one table with their goals (see `goals`), and writes it, with machine facts and
versions, as Markdown beside a chart, below `.madang/bench/`.

What is wanted of 500 members over two replicas, the log durable, all peers with as many processes as we:

- saturated: at least 30 × Socket.IO with its Redis-streams adapter, and 2 × NATS over WebSocket, neither of which stores;
- one message at a time: at least 1.5 × Socket.IO; at half of one's own saturation, a p99 below Socket.IO's;
- a send is durable and answered within 3 ms when it is quiet, and as many a second as 0.8 × what the log's server takes
  through `insert_many`;
- an idle connection weighs at most 30 KiB more than the bare library's; 5,000 who come back at once all catch up;
- a page of a million rooms costs a fifth of the best that offsets can do, and the last costs what the first does;
- reads over HTTP: p99 at most 50 ms at 200 a second on one process; what needs no store within 1 ms.

One idea a module: `targets` are the servers by name, `ours` and `peers/` open them; `wires` is how the generator speaks with
each. The load comes from processes of its own (`generator`, `sending`, `asking`, `leafing`, `entering`, `strike`), each of
which says what it measures; `harness` has what all benchmarks share. What the peers are made of is fetched when it is first
needed, by locks with hashes, into folders that git ignores.
"""
