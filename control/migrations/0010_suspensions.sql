-- Who may not use this server for now. A row is a suspension; taking it back deletes it.
CREATE TABLE suspensions (
    user_id uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    by      uuid REFERENCES users ON DELETE SET NULL,
    reason  text NOT NULL,
    since   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX suspensions_by ON suspensions (by);
