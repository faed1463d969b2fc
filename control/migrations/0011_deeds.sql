-- What chatd notes in a room's audit is noted once for each command, however often that is sent.

ALTER TABLE room_audit ADD COLUMN key text;
CREATE UNIQUE INDEX room_audit_once ON room_audit (key) WHERE key IS NOT NULL;
