-- Who was in which room, from when to when, as the replicas of chatd saw it.

-- Written by a replica every few seconds while it lives. Whoever finds one too old deletes it and ends that boot's stays.
CREATE TABLE replica_beats (
    boot uuid PRIMARY KEY,
    at   timestamptz NOT NULL
) WITH (fillfactor = 50);

-- No longer than chatd lets one last (it begins another then), so a look at one day needs no look at all before. Of one
-- person they may overlap. Without references: rooms and people go, and writing one must not lock a row there.
CREATE TABLE stays (
    id         uuid PRIMARY KEY,
    user_id    uuid NOT NULL,
    room_id    uuid NOT NULL,
    category   text,                        -- of the room, then
    boot       uuid NOT NULL,               -- the run of the replica that saw it
    entered_at timestamptz NOT NULL,
    left_at    timestamptz,                 -- null as long as that replica sees them there
    CHECK (left_at >= entered_at)
);
CREATE INDEX stays_of_person ON stays (user_id, entered_at, id);
CREATE INDEX stays_open ON stays (boot) WHERE left_at IS NULL;
CREATE INDEX stays_by_age ON stays (entered_at);

-- Where somebody's days begin; null: where the yard's do.
ALTER TABLE users ADD COLUMN timezone text;
