-- Rooms, who is in them, who may not come in, and the bell that wakes the relay.

CREATE TABLE rooms (
    id            uuid PRIMARY KEY DEFAULT uuidv7(),   -- in the order of creation: lists go by it
    kind          text NOT NULL CHECK (kind IN ('group', 'direct', 'class', 'call', 'match')),
    title         text NOT NULL,                       -- empty in a direct room: each of the two sees the other's name
    description   text NOT NULL DEFAULT '',
    category      text,
    tags          text[] NOT NULL DEFAULT '{}' CHECK (cardinality(tags) <= 5),
    capacity      integer NOT NULL CHECK (capacity BETWEEN 2 AND 5000),
    visibility    text NOT NULL CHECK (visibility IN ('public', 'private', 'secret')),
    password_hash text CHECK ((password_hash IS NOT NULL) = (visibility = 'secret')),
    join_code     char(6) CHECK (join_code ~ '^[0-9A-Z]{6}$'),
    history       text NOT NULL DEFAULT 'joined' CHECK (history IN ('joined', 'all')),
    slow_mode     integer NOT NULL DEFAULT 0 CHECK (slow_mode BETWEEN 0 AND 21600),  -- seconds between messages
    pair_low      uuid REFERENCES users,               -- the two of a direct room, the lesser id first
    pair_high     uuid REFERENCES users,
    member_count  integer NOT NULL DEFAULT 0,          -- rows in members; whoever changes those locks this row first
    -- Lists ask for this and not for the count, so that a join that does not fill the room touches no index (HOT).
    is_full       boolean NOT NULL GENERATED ALWAYS AS (member_count >= capacity) STORED,
    created_at    timestamptz NOT NULL DEFAULT now(),
    archived_at   timestamptz,                         -- the last member left: kept for the log's sake, and for nobody to see
    CHECK (member_count BETWEEN 0 AND capacity),
    CHECK (kind = 'direct' OR title <> ''),
    CHECK ((kind = 'direct') = (pair_low IS NOT NULL)),
    CHECK ((pair_low IS NULL) = (pair_high IS NULL)),
    CHECK (pair_low < pair_high)
);
CREATE UNIQUE INDEX rooms_join_code_key ON rooms (join_code);
CREATE UNIQUE INDEX rooms_pair_key ON rooms (pair_low, pair_high);
CREATE INDEX rooms_of_pair_high ON rooms (pair_high) WHERE pair_high IS NOT NULL;

-- The public list, newest first: everything listed, what can be walked into, and both by category.
CREATE INDEX rooms_listed ON rooms (id DESC)
    WHERE kind = 'group' AND visibility <> 'private' AND archived_at IS NULL;
CREATE INDEX rooms_listed_by_category ON rooms (category, id DESC)
    WHERE kind = 'group' AND visibility <> 'private' AND archived_at IS NULL;
CREATE INDEX rooms_open ON rooms (id DESC)
    WHERE kind = 'group' AND visibility = 'public' AND archived_at IS NULL AND NOT is_full;
CREATE INDEX rooms_open_by_category ON rooms (category, id DESC)
    WHERE kind = 'group' AND visibility = 'public' AND archived_at IS NULL AND NOT is_full;

-- A row is a member; leaving deletes it. A person who is erased leaves first, so no cascade: it would miss the counts.
CREATE TABLE members (
    room_id       uuid NOT NULL REFERENCES rooms,
    user_id       uuid NOT NULL REFERENCES users,
    role          text NOT NULL CHECK (role IN ('owner', 'moderator', 'member')),
    joined_at     timestamptz NOT NULL DEFAULT now(),
    muted_until   timestamptz,
    last_read     bigint NOT NULL DEFAULT 0 CHECK (last_read >= 0),  -- the mseq up to which this member has read
    notifications text NOT NULL DEFAULT 'all' CHECK (notifications IN ('all', 'mentions', 'none')),
    PRIMARY KEY (room_id, user_id)
);
CREATE INDEX members_of_user ON members (user_id, room_id DESC);
CREATE INDEX members_in_order ON members (room_id, joined_at, user_id);
CREATE UNIQUE INDEX members_one_owner ON members (room_id) WHERE role = 'owner';

CREATE TABLE room_bans (
    room_id   uuid NOT NULL REFERENCES rooms,
    user_id   uuid NOT NULL REFERENCES users,
    by        uuid NOT NULL REFERENCES users,
    reason    text NOT NULL DEFAULT '',
    banned_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (room_id, user_id)
);
CREATE INDEX room_bans_of_user ON room_bans (user_id);

-- Wake the relay when a transaction with news commits; notifications of one transaction are folded into one.
CREATE FUNCTION ring_outbox() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('outbox', '');
    RETURN NULL;
END
$$;
CREATE TRIGGER ring_outbox AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION ring_outbox();
