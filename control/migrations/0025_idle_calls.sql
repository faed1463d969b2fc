-- A room that is a call is closed once nobody has been in the call for a while: since when that is so.

ALTER TABLE rooms ADD COLUMN idle_since timestamptz CHECK (kind = 'call' OR idle_since IS NULL);
CREATE INDEX rooms_of_calls ON rooms (id) WHERE kind = 'call' AND archived_at IS NULL;
