-- Who may know whether a person is here, and when each was last seen.

ALTER TABLE users ADD COLUMN presence text NOT NULL DEFAULT 'everyone'
    CHECK (presence IN ('everyone', 'friends', 'nobody'));

-- Written every minute or so for everybody who is here. Apart from `users`, whose rows are wide and much indexed, and
-- without a reference to it, which would lock a row there for each; nobody is shown a row whose person is gone.
CREATE TABLE last_seen (
    user_id uuid PRIMARY KEY,
    at      timestamptz NOT NULL
) WITH (fillfactor = 70);
