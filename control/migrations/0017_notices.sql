-- What admins tell everybody, in both languages. One that was withdrawn is deleted; the audit knows of it.
CREATE TABLE notices (
    id           uuid PRIMARY KEY DEFAULT uuidv7(),
    pinned       boolean NOT NULL,
    ko_title     text NOT NULL,
    ko_text      text NOT NULL,
    en_title     text NOT NULL,
    en_text      text NOT NULL,
    by           uuid NOT NULL REFERENCES users,
    published_at timestamptz NOT NULL,
    edited_at    timestamptz
);
CREATE INDEX notices_in_order ON notices (pinned DESC, id DESC);  -- the pinned ones first, then the newest
CREATE INDEX notices_by ON notices (by);
