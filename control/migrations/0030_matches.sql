-- People who were brought together, by a post or at random, and what they thought of each other afterwards.

CREATE TABLE matches (
    id       uuid PRIMARY KEY DEFAULT uuidv7(),        -- in the order of making: histories go by it
    category text NOT NULL CHECK (category IN ('study', 'meal')),
    origin   text NOT NULL CHECK (origin IN ('post', 'random')),
    title    text NOT NULL CHECK (title <> ''),        -- what they meet about
    room_id  uuid NOT NULL UNIQUE REFERENCES rooms,    -- made with it; its people are members
    meets_at timestamptz NOT NULL,                     -- from then on they review each other
    made_at  timestamptz NOT NULL
);

-- Who was brought together; leaving the room changes nothing here.
CREATE TABLE match_people (
    match_id uuid NOT NULL REFERENCES matches ON DELETE CASCADE,
    user_id  uuid NOT NULL REFERENCES users,
    PRIMARY KEY (match_id, user_id)
);
CREATE INDEX match_people_of_user ON match_people (user_id, match_id DESC);

-- What one thought of another, once. It is never changed: how active somebody is, is what these rows add up to, and nothing
-- else is kept of it.
CREATE TABLE match_reviews (
    match_id    uuid NOT NULL,
    reviewer_id uuid NOT NULL REFERENCES users,
    partner_id  uuid NOT NULL REFERENCES users,
    score       smallint NOT NULL CHECK (score IN (-200, -10, 0, 10, 20, 42)),  -- to the partner; -200: who was absent
    reward      smallint NOT NULL CHECK (reward >= 0),                          -- to the reviewer, for the trouble
    reviewed_at timestamptz NOT NULL,
    PRIMARY KEY (match_id, reviewer_id, partner_id),
    FOREIGN KEY (match_id, reviewer_id) REFERENCES match_people ON DELETE CASCADE,
    FOREIGN KEY (match_id, partner_id) REFERENCES match_people ON DELETE CASCADE,
    CHECK (reviewer_id <> partner_id)
);
-- The sums are read off these indexes alone.
CREATE INDEX match_reviews_given ON match_reviews (reviewer_id) INCLUDE (reward);
CREATE INDEX match_reviews_received ON match_reviews (partner_id) INCLUDE (score);
CREATE FUNCTION activity_score(person uuid) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce((SELECT sum(score) FROM match_reviews WHERE partner_id = person), 0)
         + coalesce((SELECT sum(reward) FROM match_reviews WHERE reviewer_id = person), 0)
$$;
