-- People, what proves them, their sessions, the keys that sign for them, and the outbox of news to chatd.

CREATE TABLE users (
    id            uuid PRIMARY KEY DEFAULT uuidv7(),
    email         text NOT NULL,                       -- case-folded
    nickname      text NOT NULL,                       -- NFC, as its owner writes it
    name          text NOT NULL,
    phone         text NOT NULL,                       -- E.164
    password_hash text NOT NULL,
    gender        text CHECK (gender IN ('female', 'male', 'other')),
    interests     text[] NOT NULL DEFAULT '{}',
    created_at    timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX users_email_key ON users (email);
CREATE UNIQUE INDEX users_phone_key ON users (phone);
-- One collation wherever the database was made, so that a nickname is the same one on every server.
CREATE UNIQUE INDEX users_nickname_key ON users (lower(nickname COLLATE pg_c_utf8));

CREATE TABLE user_roles (
    user_id    uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    role       text NOT NULL CHECK (role IN ('mentee', 'mentor', 'admin')),
    granted_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, role)
);

-- The one code that a phone number may be proven with now.
CREATE TABLE phone_codes (
    phone      text PRIMARY KEY,
    code_hash  bytea NOT NULL,                         -- keyed: six digits alone would be guessed from a plain hash
    tries_left smallint NOT NULL,
    sent_at    timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX phone_codes_by_end ON phone_codes (expires_at);

-- What a right code is exchanged for; used up by the transaction that needs it.
CREATE TABLE phone_proofs (
    proof_hash bytea PRIMARY KEY,
    phone      text NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX phone_proofs_by_end ON phone_proofs (expires_at);

-- A session is one log-in on one device, and the family of the refresh tokens that follow one another in it.
CREATE TABLE sessions (
    id           uuid PRIMARY KEY DEFAULT uuidv7(),
    user_id      uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    device       text NOT NULL,
    address      text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    last_seen_at timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL,                 -- of its newest refresh token
    revoked_at   timestamptz
);
CREATE INDEX sessions_of_user ON sessions (user_id, last_seen_at DESC) WHERE revoked_at IS NULL;
CREATE INDEX sessions_by_end ON sessions (expires_at);

CREATE TABLE refresh_tokens (
    token_hash bytea PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX refresh_tokens_of_session ON refresh_tokens (session_id);

-- next (published, not yet signing) -> signing -> retired (published while its tokens live)
CREATE TABLE signing_keys (
    kid            text PRIMARY KEY,
    public_jwk     jsonb NOT NULL,
    private_sealed bytea NOT NULL,                     -- AES-256-GCM, under a key derived from MADANG_SECRET
    created_at     timestamptz NOT NULL,
    activated_at   timestamptz,
    retired_at     timestamptz,
    CHECK (retired_at IS NULL OR activated_at IS NOT NULL)
);
CREATE UNIQUE INDEX signing_keys_one_signing ON signing_keys ((true))
    WHERE activated_at IS NOT NULL AND retired_at IS NULL;
CREATE UNIQUE INDEX signing_keys_one_next ON signing_keys ((true)) WHERE activated_at IS NULL;

-- News for chatd, written in the transaction of the change and published in the order of `id` by the relay.
CREATE TABLE outbox (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id     uuid NOT NULL DEFAULT uuidv7(),
    data         text NOT NULL,                        -- a Struct of common/feed.py as JSON
    created_at   timestamptz NOT NULL DEFAULT now(),
    published_at timestamptz
);
CREATE INDEX outbox_unpublished ON outbox (id) WHERE published_at IS NULL;
CREATE INDEX outbox_by_publishing ON outbox (published_at);
