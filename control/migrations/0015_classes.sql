-- Classes that mentors give, who registered for them, and what they said of them afterwards.

CREATE TABLE classes (
    id            uuid PRIMARY KEY DEFAULT uuidv7(),
    mentor_id     uuid NOT NULL REFERENCES mentors,
    room_id       uuid NOT NULL UNIQUE REFERENCES rooms,  -- made with it; the mentor owns it, registrants are its members
    title         text NOT NULL CHECK (title <> ''),
    description   text NOT NULL,
    curriculum    text[] NOT NULL,                        -- a line for each part
    questions     text[] NOT NULL CHECK (cardinality(questions) <= 5),  -- that whoever registers answers
    price         integer NOT NULL CHECK (price >= 0),    -- points
    capacity      integer NOT NULL CHECK (capacity BETWEEN 1 AND 500),
    starts_at     timestamptz NOT NULL,
    cover_id      uuid REFERENCES uploads ON DELETE SET NULL,
    categories    text[] NOT NULL CHECK (cardinality(categories) BETWEEN 1 AND 5),
    state         text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'open', 'closed')),
    created_at    timestamptz NOT NULL,
    opened_at     timestamptz,
    called_off_at timestamptz,                            -- it does not take place; everybody was refunded
    unlisted_at   timestamptz,                            -- by an admin: in no list, and nobody registers
    settled_at    timestamptz,                            -- it began, and what was paid for it went to the mentor
    -- Rows in class_registrations; whoever changes those locks this row first.
    registered    integer NOT NULL DEFAULT 0 CHECK (registered BETWEEN 0 AND capacity),
    waiting       integer NOT NULL DEFAULT 0 CHECK (waiting >= 0),
    reviews       integer NOT NULL DEFAULT 0 CHECK (reviews >= 0),
    halves        bigint NOT NULL DEFAULT 0 CHECK (halves BETWEEN 2 * reviews AND 10 * reviews),  -- half stars in them
    rating        integer NOT NULL                        -- hundredths of a star, 0 without reviews
        GENERATED ALWAYS AS (CASE WHEN reviews = 0 THEN 0 ELSE round(halves * 50.0 / reviews)::integer END) STORED,
    CHECK ((state = 'draft') = (opened_at IS NULL)),
    CHECK (called_off_at IS NULL OR state = 'closed')
);
CREATE INDEX classes_of_mentor ON classes (mentor_id, id DESC);
CREATE INDEX classes_of_cover ON classes (cover_id) WHERE cover_id IS NOT NULL;
CREATE INDEX classes_to_settle ON classes (starts_at)
    WHERE settled_at IS NULL AND called_off_at IS NULL AND state <> 'draft';

-- What lists show of a class.
CREATE VIEW class_cards AS
    SELECT c.id, c.mentor_id, u.nickname AS mentor_nickname, c.room_id, c.title, c.price, c.capacity, c.starts_at, c.cover_id,
           c.categories, c.state, c.created_at, c.opened_at, c.called_off_at, c.unlisted_at, c.registered, c.waiting,
           c.reviews, c.rating
    FROM classes c
    JOIN users u ON u.id = c.mentor_id;

-- An open class stands on the shelf of each of its categories, and on the shelf '' with all others; every list of open
-- classes is read off one shelf, by an index that has its order.
CREATE TABLE class_shelves (
    class_id  uuid NOT NULL REFERENCES classes ON DELETE CASCADE,
    category  text NOT NULL,
    opened_at timestamptz NOT NULL,
    starts_at timestamptz NOT NULL,
    PRIMARY KEY (class_id, category)
);
CREATE INDEX class_shelves_newest ON class_shelves (category, opened_at DESC, class_id DESC);
CREATE INDEX class_shelves_by_start ON class_shelves (category, starts_at, class_id);

CREATE FUNCTION shelve_class() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    shelves text[] := CASE
        WHEN NEW.state = 'open' AND NEW.unlisted_at IS NULL THEN array_append(NEW.categories, '')
        ELSE '{}'
    END;
BEGIN
    DELETE FROM class_shelves WHERE class_id = NEW.id AND category <> ALL (shelves);
    INSERT INTO class_shelves (class_id, category, opened_at, starts_at)
    SELECT NEW.id, category, NEW.opened_at, NEW.starts_at FROM unnest(shelves) AS category
    ON CONFLICT (class_id, category) DO UPDATE
    SET opened_at = excluded.opened_at, starts_at = excluded.starts_at;
    RETURN NULL;
END
$$;
CREATE TRIGGER shelve_class AFTER INSERT OR UPDATE OF state, unlisted_at, categories, starts_at ON classes
    FOR EACH ROW EXECUTE FUNCTION shelve_class();

-- Somebody's registration. A new one after the old one ended is a new row.
CREATE TABLE class_registrations (
    id            uuid PRIMARY KEY DEFAULT uuidv7(),
    place         bigint GENERATED ALWAYS AS IDENTITY,    -- given out behind the lock of the class: the order of coming
    class_id      uuid NOT NULL REFERENCES classes ON DELETE CASCADE,
    user_id       uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    answers       text[] NOT NULL,                        -- to the questions of the class, in their order
    state         text NOT NULL CHECK (state IN ('waiting', 'registered', 'ended')),
    paid          integer NOT NULL DEFAULT 0 CHECK (paid >= 0),  -- points; 0 again when they were refunded
    asked_at      timestamptz NOT NULL,
    registered_at timestamptz,                            -- null: never came off the waiting list
    ended_at      timestamptz,
    CHECK ((state = 'ended') = (ended_at IS NOT NULL)),
    CHECK (state <> 'registered' OR registered_at IS NOT NULL)
);
CREATE UNIQUE INDEX class_registrations_one_live ON class_registrations (class_id, user_id) WHERE state <> 'ended';
CREATE INDEX class_registrations_in_order ON class_registrations (class_id, state, place);
CREATE INDEX class_registrations_of_user ON class_registrations (user_id, place DESC) WHERE state <> 'ended';

CREATE TABLE class_reviews (
    class_id    uuid NOT NULL REFERENCES classes ON DELETE CASCADE,
    user_id     uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    halves      smallint NOT NULL CHECK (halves BETWEEN 2 AND 10),  -- half stars
    text        text NOT NULL,
    reviewed_at timestamptz NOT NULL,
    edited_at   timestamptz,
    PRIMARY KEY (class_id, user_id)
);
CREATE INDEX class_reviews_in_order ON class_reviews (class_id, reviewed_at DESC, user_id DESC);
CREATE INDEX class_reviews_of_user ON class_reviews (user_id);

-- The sums are true whoever writes the rows: the reviews of a person who is erased count no more.
CREATE FUNCTION count_reviews() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    class uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.class_id ELSE NEW.class_id END;
    more  integer := CASE TG_OP WHEN 'INSERT' THEN 1 WHEN 'DELETE' THEN -1 ELSE 0 END;
    stars integer := CASE WHEN TG_OP = 'DELETE' THEN 0 ELSE NEW.halves END
                   - CASE WHEN TG_OP = 'INSERT' THEN 0 ELSE OLD.halves END;
BEGIN
    UPDATE classes SET reviews = reviews + more, halves = halves + stars WHERE id = class;
    UPDATE mentors m SET reviews = m.reviews + more, halves = m.halves + stars
    FROM classes c WHERE c.id = class AND m.user_id = c.mentor_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER count_reviews AFTER INSERT OR UPDATE OF halves OR DELETE ON class_reviews
    FOR EACH ROW EXECUTE FUNCTION count_reviews();
