-- Order in rooms: bans that end, invitations, links, what moderators did, and what people report to admins.

ALTER TABLE room_bans ADD COLUMN until timestamptz;    -- null: until it is lifted
CREATE INDEX room_bans_in_order ON room_bans (room_id, banned_at DESC, user_id DESC);
CREATE INDEX room_bans_by_end ON room_bans (until) WHERE until IS NOT NULL;

-- Asked in by a member. It lasts through accepting, so that to accept twice is to accept once; leaving ends it.
CREATE TABLE room_invitations (
    id         uuid PRIMARY KEY DEFAULT uuidv7(),
    room_id    uuid NOT NULL REFERENCES rooms,
    user_id    uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    by         uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    invited_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    UNIQUE (room_id, user_id, by)
);
CREATE INDEX room_invitations_of_user ON room_invitations (user_id, id DESC);
CREATE INDEX room_invitations_by ON room_invitations (by);
CREATE INDEX room_invitations_by_end ON room_invitations (expires_at);

CREATE TABLE room_links (
    id         uuid PRIMARY KEY DEFAULT uuidv7(),
    room_id    uuid NOT NULL REFERENCES rooms,
    code       text NOT NULL UNIQUE,                   -- 128 random bits; every moderator may pass it on
    by         uuid NOT NULL REFERENCES users,
    made_at    timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    uses       integer NOT NULL DEFAULT 0,
    max_uses   integer,                                -- null: as many as the room has places
    CHECK (max_uses IS NULL OR uses <= max_uses)
);
CREATE INDEX room_links_of_room ON room_links (room_id, id DESC);
CREATE INDEX room_links_by_end ON room_links (expires_at);

-- What was done in a room by whoever may do more than a member; written in the transaction of the act, never changed.
CREATE TABLE room_audit (
    id      uuid PRIMARY KEY DEFAULT uuidv7(),
    room_id uuid NOT NULL REFERENCES rooms,
    by      uuid NOT NULL REFERENCES users,
    act     text NOT NULL,
    person  uuid REFERENCES users,                     -- to whom it was done, if to anybody
    detail  text NOT NULL DEFAULT '{}',                -- JSON
    at      timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX room_audit_in_order ON room_audit (room_id, id DESC);

CREATE TABLE reports (
    id          uuid PRIMARY KEY DEFAULT uuidv7(),
    reporter    uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    kind        text NOT NULL CHECK (kind IN ('message', 'person', 'room')),
    object      text NOT NULL,                         -- one of each kind: "<room>:<seq>", or an id
    room_id     uuid REFERENCES rooms,
    person      uuid REFERENCES users ON DELETE CASCADE,  -- whom it is about: of a message, who sent it
    reason      text NOT NULL CHECK (reason IN ('spam', 'abuse', 'sexual', 'violence', 'fraud', 'other')),
    words       text NOT NULL DEFAULT '',              -- of the reporter
    evidence    text NOT NULL DEFAULT '',              -- the message's text when it was reported
    reported_at timestamptz NOT NULL DEFAULT now(),
    outcome     text CHECK (outcome IN ('upheld', 'dismissed')),  -- null: open
    note        text NOT NULL DEFAULT '',
    resolved_by uuid REFERENCES users,
    resolved_at timestamptz,
    CHECK ((outcome IS NULL) = (resolved_by IS NULL) AND (outcome IS NULL) = (resolved_at IS NULL)),
    UNIQUE (reporter, kind, object)
);
CREATE INDEX reports_open ON reports (id DESC) WHERE outcome IS NULL;
CREATE INDEX reports_resolved ON reports (id DESC) WHERE outcome IS NOT NULL;
