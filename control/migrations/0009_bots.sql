-- Bots, the tokens they come with, and the webhooks through which other systems speak in a room.

-- A bot is somebody who signed nothing up: no address, no phone, no password.
ALTER TABLE users ADD COLUMN kind text NOT NULL DEFAULT 'person' CHECK (kind IN ('person', 'bot'));
ALTER TABLE users ALTER COLUMN email DROP NOT NULL;
ALTER TABLE users ALTER COLUMN phone DROP NOT NULL;
ALTER TABLE users ADD CONSTRAINT users_people_can_be_reached
    CHECK (kind = 'bot' OR (email IS NOT NULL AND phone IS NOT NULL));
ALTER TABLE users ADD CONSTRAINT users_bots_cannot_log_in
    CHECK (kind = 'person' OR (email IS NULL AND phone IS NULL AND password_hash IS NULL));

CREATE TABLE bots (
    user_id    uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    owner_id   uuid NOT NULL REFERENCES users,
    about      text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    retired_at timestamptz
);
CREATE INDEX bots_of_owner ON bots (owner_id, user_id) WHERE retired_at IS NULL;

-- What a bot exchanges for access tokens. Its session lives as long as it is used and not revoked.
CREATE TABLE bot_tokens (
    id           uuid PRIMARY KEY DEFAULT uuidv7(),
    bot_id       uuid NOT NULL REFERENCES bots ON DELETE CASCADE,
    name         text NOT NULL,
    token_hash   bytea NOT NULL UNIQUE,
    scopes       text[] NOT NULL CHECK (scopes <@ ARRAY['read', 'write', 'rooms'] AND cardinality(scopes) > 0),
    session_id   uuid REFERENCES sessions ON DELETE SET NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz,
    revoked_at   timestamptz
);
CREATE INDEX bot_tokens_of_bot ON bot_tokens (bot_id, id);
CREATE INDEX bot_tokens_of_session ON bot_tokens (session_id) WHERE session_id IS NOT NULL;

CREATE TABLE hooks (
    id           uuid PRIMARY KEY DEFAULT uuidv7(),
    room_id      uuid NOT NULL REFERENCES rooms,
    name         text NOT NULL,
    secret_hash  bytea NOT NULL,
    created_by   uuid NOT NULL REFERENCES users,
    created_at   timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz,
    revoked_at   timestamptz
);
CREATE INDEX hooks_of_room ON hooks (room_id, id) WHERE revoked_at IS NULL;

-- What was posted under an Idempotency-Key, for a day.
CREATE TABLE hook_posts (
    hook_id   uuid NOT NULL REFERENCES hooks ON DELETE CASCADE,
    key       text NOT NULL,
    body_hash bytea NOT NULL,
    post_id   uuid NOT NULL,
    posted_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (hook_id, key)
);
CREATE INDEX hook_posts_by_time ON hook_posts (posted_at);
