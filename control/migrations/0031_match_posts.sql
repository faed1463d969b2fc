-- Posts that look for company: who wrote them, who joined, what was said below them.

CREATE TABLE match_posts (
    id        uuid PRIMARY KEY DEFAULT uuidv7(),
    author_id uuid NOT NULL REFERENCES users,
    category  text NOT NULL CHECK (category IN ('study', 'meal')),
    title     text NOT NULL CHECK (title <> ''),
    text      text NOT NULL,
    anonymous boolean NOT NULL,                            -- for good: whoever joined did so unnamed
    capacity  smallint NOT NULL CHECK (capacity BETWEEN 2 AND 20),  -- the author is one of them
    places    text[] NOT NULL CHECK (cardinality(places) <= 3),     -- keys of conditions
    topics    text[] NOT NULL CHECK (cardinality(topics) <= 3),     -- of a meal its ways, of a study its kinds
    meets_at  timestamptz NOT NULL,
    state     text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'confirmed', 'cancelled', 'over')),
    match_id  uuid UNIQUE REFERENCES matches,              -- what became of it
    -- Rows below; whoever changes those locks this row first.
    people    smallint NOT NULL DEFAULT 1 CHECK (people BETWEEN 0 AND capacity),
    comments  integer NOT NULL DEFAULT 0 CHECK (comments >= 0),
    marks     integer NOT NULL DEFAULT 0,                  -- the last that was given out
    posted_at timestamptz NOT NULL,
    edited_at timestamptz,
    CHECK ((state = 'confirmed') = (match_id IS NOT NULL))
);
CREATE INDEX match_posts_of_author ON match_posts (author_id, id DESC);
CREATE INDEX match_posts_open_of_author ON match_posts (author_id) WHERE state = 'open';
CREATE INDEX match_posts_to_end ON match_posts (meets_at) WHERE state = 'open';

-- Whoever has to do with a post, by the mark by which an anonymous one calls them: the author is 0, the others are numbered
-- as they came, to join or to comment, and keep their number whatever they do.
CREATE TABLE match_post_people (
    post_id   uuid NOT NULL REFERENCES match_posts ON DELETE CASCADE,
    user_id   uuid NOT NULL REFERENCES users,
    mark      integer NOT NULL,
    joined_at timestamptz,                                 -- null: not in it, or not any more
    PRIMARY KEY (post_id, user_id),
    UNIQUE (post_id, mark)
);
CREATE INDEX match_post_people_of_user ON match_post_people (user_id, post_id DESC) WHERE joined_at IS NOT NULL;
CREATE INDEX match_post_people_ever ON match_post_people (user_id);

CREATE TABLE match_post_comments (
    id           uuid PRIMARY KEY DEFAULT uuidv7(),
    post_id      uuid NOT NULL,
    author_id    uuid NOT NULL REFERENCES users,
    text         text NOT NULL CHECK (text <> ''),
    commented_at timestamptz NOT NULL,
    edited_at    timestamptz,
    FOREIGN KEY (post_id, author_id) REFERENCES match_post_people ON DELETE CASCADE
);
CREATE INDEX match_post_comments_in_order ON match_post_comments (post_id, id);
CREATE INDEX match_post_comments_of_author ON match_post_comments (author_id, id);

-- A post that was not cancelled stands on a shelf for every question it answers: 'all/meal/library/delivery', and the same
-- with any of the last three left out, though a topic has its category; and as long as it is open, on those of 'open', too.
-- Every list is read off one shelf, by an index that has its order.
CREATE TABLE match_post_shelves (
    post_id  uuid NOT NULL REFERENCES match_posts ON DELETE CASCADE,
    shelf    text NOT NULL,
    meets_at timestamptz NOT NULL,
    PRIMARY KEY (post_id, shelf)
);
CREATE INDEX match_post_shelves_newest ON match_post_shelves (shelf, post_id DESC) INCLUDE (meets_at);
CREATE INDEX match_post_shelves_by_meeting ON match_post_shelves (shelf, meets_at, post_id);

CREATE FUNCTION shelve_match_post() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    shelves text[];
BEGIN
    SELECT coalesce(array_agg(concat_ws('/', stock, category, place, topic)), '{}') INTO shelves
    FROM unnest(CASE NEW.state WHEN 'open' THEN '{all,open}' WHEN 'cancelled' THEN '{}' ELSE '{all}' END::text[]) AS stock,
         unnest(ARRAY['', NEW.category]) AS category,
         unnest(array_append(NEW.places, '')) AS place,
         unnest(array_append(NEW.topics, '')) AS topic
    WHERE topic = '' OR category <> '';
    DELETE FROM match_post_shelves WHERE post_id = NEW.id AND shelf <> ALL (shelves);
    INSERT INTO match_post_shelves (post_id, shelf, meets_at)
    SELECT NEW.id, shelf, NEW.meets_at FROM unnest(shelves) AS shelf
    ON CONFLICT (post_id, shelf) DO UPDATE SET meets_at = excluded.meets_at;
    RETURN NULL;
END
$$;
CREATE TRIGGER shelve_match_post AFTER INSERT OR UPDATE OF state, places, topics, meets_at ON match_posts
    FOR EACH ROW EXECUTE FUNCTION shelve_match_post();

-- A post as lists show it to everybody. What it is to who asks, the statement of the list adds.
CREATE VIEW match_post_cards AS
    SELECT p.*, u.nickname AS author_nickname,
           u.deleted_at IS NULL AND NOT EXISTS (SELECT FROM suspensions s WHERE s.user_id = u.id) AS author_stands
    FROM match_posts p
    JOIN users u ON u.id = p.author_id;
