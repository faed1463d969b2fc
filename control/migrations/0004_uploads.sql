-- Files of people. The bytes lie in the S3 store: under incoming/<id> until they are confirmed, then under files/<id>.

CREATE TABLE uploads (
    id           uuid PRIMARY KEY,
    owner_id     uuid NOT NULL REFERENCES users,         -- no cascade: the objects have to go first
    purpose      text NOT NULL
        CHECK (purpose IN ('avatar', 'wallpaper', 'room_image', 'class_cover', 'certificate', 'attachment')),
    room_id      uuid REFERENCES rooms,                  -- of an attachment: whose members may read it
    name         text NOT NULL,
    media_type   text NOT NULL,                          -- as claimed until it is confirmed, then as it is kept
    size         bigint NOT NULL CHECK (size > 0),       -- bytes
    width        integer,                                -- of a picture, as it is seen
    height       integer,
    thumbnail    boolean NOT NULL DEFAULT false,
    created_at   timestamptz NOT NULL DEFAULT now(),
    confirmed_at timestamptz,
    sent_at      timestamptz,                            -- of an attachment: since when a message carries it
    removed_at   timestamptz,                            -- read by nobody any more, and to be swept
    CHECK ((purpose = 'attachment') = (room_id IS NOT NULL)),
    CHECK (sent_at IS NULL OR confirmed_at IS NOT NULL)
);
CREATE INDEX uploads_of_owner ON uploads (owner_id, id);
CREATE INDEX uploads_unconfirmed ON uploads (created_at) WHERE confirmed_at IS NULL;
CREATE INDEX uploads_removed ON uploads (id) WHERE removed_at IS NOT NULL;
