"""Real services for a machine that has none: PostgreSQL, Valkey, SeaweedFS, a MongoDB-wire server, Caddy.

Each module is one launcher around a program that a wheel brings along; `service.Service` is what they share and
`process` is how anything at all is started here. The set-up (`deploy.local`) and the tests use the same launchers, so
what a developer runs is what the tests ran.

All of it is synchronous: a launcher is called from a pytest fixture, from a thread of the supervisor, or by hand.
Inside a Trio task call it through `trio.to_thread.run_sync`.
"""
