-- Random matching: who looks for company, where and how; and the lines in which they stand until somebody comes who fits.

CREATE TABLE match_applications (
    id             uuid PRIMARY KEY DEFAULT uuidv7(),
    turn           bigint GENERATED ALWAYS AS IDENTITY,     -- given out behind the lock of the category: the order of coming
    user_id        uuid NOT NULL REFERENCES users,
    client_id      text,                                    -- the client's own name for it: sent again, it is this one
    category       text NOT NULL CHECK (category IN ('study', 'meal')),
    places         text[] NOT NULL CHECK (cardinality(places) > 0),
    manners        text[] NOT NULL CHECK (cardinality(manners) > 0),  -- ways to eat, or kinds of study
    applied_at     timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    state          text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'matched', 'cancelled', 'expired')),
    ended_at       timestamptz,
    held           boolean NOT NULL DEFAULT false,          -- somebody who fits was in line, and one of the two could not meet
    match_id       uuid REFERENCES matches,
    agreed_places  text[],                                  -- what the two that were matched have in common
    agreed_manners text[],
    CHECK ((state = 'waiting') = (ended_at IS NULL)),
    CHECK ((state = 'matched') = (match_id IS NOT NULL)),
    CHECK (num_nulls(match_id, agreed_places, agreed_manners) IN (0, 3))
);
CREATE UNIQUE INDEX match_applications_one_live ON match_applications (user_id, category) WHERE state = 'waiting';
CREATE UNIQUE INDEX match_applications_by_client_id ON match_applications (user_id, client_id) WHERE client_id IS NOT NULL;
CREATE INDEX match_applications_of_user ON match_applications (user_id, category, turn DESC);
CREATE INDEX match_applications_to_expire ON match_applications (expires_at) WHERE state = 'waiting';
CREATE INDEX match_applications_of_match ON match_applications (match_id) WHERE match_id IS NOT NULL;
CREATE INDEX match_applications_held ON match_applications (turn) WHERE state = 'waiting' AND held;

-- An application that waits stands in one line for each place and way, or place and kind, that would do: so whoever comes
-- first of all that fit is the first of a few lines, however long they are.
CREATE TABLE match_wishes (
    application_id uuid NOT NULL REFERENCES match_applications ON DELETE CASCADE,
    category       text NOT NULL,
    place          text NOT NULL,
    manner         text NOT NULL,
    turn           bigint NOT NULL,
    user_id        uuid NOT NULL,
    expires_at     timestamptz NOT NULL,
    PRIMARY KEY (application_id, place, manner)
);
CREATE INDEX match_wishes_in_line ON match_wishes (category, place, manner, turn);

CREATE FUNCTION stand_in_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'waiting' THEN
        INSERT INTO match_wishes
        SELECT NEW.id, NEW.category, place, manner, NEW.turn, NEW.user_id, NEW.expires_at
        FROM unnest(NEW.places) AS place, unnest(NEW.manners) AS manner
        ON CONFLICT DO NOTHING;
    ELSE
        DELETE FROM match_wishes WHERE application_id = NEW.id;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER stand_in_line AFTER INSERT OR UPDATE OF state ON match_applications
    FOR EACH ROW EXECUTE FUNCTION stand_in_line();
