-- What one person keeps of another: one-way, each kind on its own.

CREATE TABLE relations (
    user_id  uuid NOT NULL REFERENCES users ON DELETE CASCADE,  -- whose list it is on; the other is never told
    other_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    kind     text NOT NULL CHECK (kind IN ('friend', 'favourite', 'hidden', 'blocked')),
    since    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, other_id, kind),
    CHECK (user_id <> other_id)
);
CREATE INDEX relations_in_order ON relations (user_id, kind, since DESC, other_id DESC);
CREATE INDEX relations_to ON relations (other_id, kind, user_id);  -- who keeps me so
