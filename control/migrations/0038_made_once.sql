-- What somebody made under a name of his own for it (`client_id`): asked for once more after a lost answer, it is this.
-- `digest` tells the same request from another one under the same name. Kept for a week.
CREATE TABLE made_once (
    user_id   uuid        NOT NULL REFERENCES users,
    client_id text        NOT NULL,
    digest    bytea       NOT NULL,
    made      uuid,                                          -- its id; null only inside of the transaction that makes it
    made_at   timestamptz NOT NULL,
    PRIMARY KEY (user_id, client_id)
);
CREATE INDEX made_once_by_age ON made_once (made_at);
