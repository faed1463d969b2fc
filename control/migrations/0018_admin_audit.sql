-- What admins did, and people who left: first their account is closed, and a month later everything of them is erased.

-- Written in the transaction of the act, never changed.
CREATE TABLE admin_audit (
    id      uuid PRIMARY KEY DEFAULT uuidv7(),         -- in the order of time: lists go by it
    by      uuid NOT NULL REFERENCES users,
    act     text NOT NULL,                             -- "<domain>.<what was done>"
    person  uuid REFERENCES users,                     -- about whom, if about anybody
    object  text,                                      -- what else it was done to: the id of a report, a notice, …
    request text,                                      -- the id of the HTTP request, as in the log
    detail  text NOT NULL DEFAULT '{}',                -- JSON
    at      timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX admin_audit_by ON admin_audit (by, id DESC);
CREATE INDEX admin_audit_about ON admin_audit (person, id DESC) WHERE person IS NOT NULL;
CREATE INDEX admin_audit_of_act ON admin_audit (act, id DESC);

-- Who is found, listed and let in has no `deleted_at`. The row itself stays for ever, for others' rows refer to it.
ALTER TABLE users ADD COLUMN deleted_at timestamptz;   -- the account was closed: it may still be restored
ALTER TABLE users ADD COLUMN erased_at timestamptz;    -- nothing that tells who it was is left
ALTER TABLE users ADD CONSTRAINT users_erased_were_deleted CHECK (erased_at IS NULL OR deleted_at IS NOT NULL);
ALTER TABLE users DROP CONSTRAINT users_people_can_be_reached;
ALTER TABLE users ADD CONSTRAINT users_people_can_be_reached
    CHECK (kind = 'bot' OR erased_at IS NOT NULL OR (email IS NOT NULL AND phone IS NOT NULL));
CREATE INDEX users_to_erase ON users (deleted_at) WHERE deleted_at IS NOT NULL AND erased_at IS NULL;
