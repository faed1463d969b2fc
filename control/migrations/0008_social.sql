-- Identities at other providers, the attempts that prove them, and the proofs that open a sign-up.

CREATE TABLE identities (
    provider  text NOT NULL CHECK (provider IN ('kakao', 'google', 'naver', '42')),
    subject   text NOT NULL,                           -- what the provider calls the person, for ever
    user_id   uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    linked_at timestamptz NOT NULL,
    PRIMARY KEY (provider, subject),
    UNIQUE (user_id, provider)
);

CREATE TABLE social_attempts (
    state_hash  bytea PRIMARY KEY,
    holder_hash bytea NOT NULL,                        -- of the secret of the browser that began it
    provider    text NOT NULL,
    verifier    text NOT NULL,                         -- RFC 7636; worth nothing without the code that only the browser gets
    link_to     uuid REFERENCES users ON DELETE CASCADE,
    expires_at  timestamptz NOT NULL
);
CREATE INDEX social_attempts_by_end ON social_attempts (expires_at);

CREATE TABLE social_proofs (
    proof_hash bytea PRIMARY KEY,
    provider   text NOT NULL,
    subject    text NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX social_proofs_by_end ON social_proofs (expires_at);

ALTER TABLE users ALTER COLUMN password_hash DROP NOT NULL;  -- who logs in by a provider needs none
