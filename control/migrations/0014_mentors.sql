-- Who applied to be a mentor, who became one, and who follows them.

CREATE TABLE mentor_applications (
    id           uuid PRIMARY KEY DEFAULT uuidv7(),
    user_id      uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    company      text NOT NULL,
    department   text NOT NULL,
    introduction text NOT NULL,
    hours        text NOT NULL,                            -- JSON: when they mean to be here, each week
    categories   text[] NOT NULL CHECK (cardinality(categories) BETWEEN 1 AND 5),
    applied_at   timestamptz NOT NULL DEFAULT now(),
    state        text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'authorized', 'rejected')),
    reason       text NOT NULL DEFAULT '',                 -- of a rejection, for the applicant to read
    decided_by   uuid REFERENCES users ON DELETE SET NULL,
    decided_at   timestamptz,
    CHECK ((state = 'pending') = (decided_at IS NULL)),
    CHECK ((state = 'rejected') = (reason <> ''))
);
CREATE UNIQUE INDEX mentor_applications_one_pending ON mentor_applications (user_id) WHERE state = 'pending';
CREATE INDEX mentor_applications_of_user ON mentor_applications (user_id, id DESC);
CREATE INDEX mentor_applications_in_order ON mentor_applications (state, id DESC);
CREATE INDEX mentor_applications_decided_by ON mentor_applications (decided_by) WHERE decided_by IS NOT NULL;

CREATE TABLE mentor_certificates (
    application_id uuid NOT NULL REFERENCES mentor_applications ON DELETE CASCADE,
    upload_id      uuid NOT NULL REFERENCES uploads ON DELETE CASCADE,
    PRIMARY KEY (application_id, upload_id)
);
CREATE INDEX mentor_certificates_of_upload ON mentor_certificates (upload_id);

-- What others see of a mentor. A row outlives the role: who is made a mentor again finds everything as it was.
CREATE TABLE mentors (
    user_id      uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    company      text NOT NULL,
    department   text NOT NULL,
    introduction text NOT NULL,
    hours        text NOT NULL,
    categories   text[] NOT NULL CHECK (cardinality(categories) BETWEEN 1 AND 5),
    since        timestamptz NOT NULL DEFAULT now(),
    followers    integer NOT NULL DEFAULT 0 CHECK (followers >= 0),  -- rows in follows
    answers      integer NOT NULL DEFAULT 0 CHECK (answers >= 0),    -- that were picked as the best
    reviews      integer NOT NULL DEFAULT 0 CHECK (reviews >= 0),    -- of all classes
    halves       bigint NOT NULL DEFAULT 0 CHECK (halves BETWEEN 2 * reviews AND 10 * reviews),  -- half stars in them
    rating       integer NOT NULL                                    -- hundredths of a star, 0 without reviews
        GENERATED ALWAYS AS (CASE WHEN reviews = 0 THEN 0 ELSE round(halves * 50.0 / reviews)::integer END) STORED
);

-- Each mentor stands on the shelf of each of their categories, and on the shelf '' with all others; every list of mentors
-- is read off one shelf, by an index that has its order.
CREATE TABLE mentor_shelves (
    user_id   uuid NOT NULL REFERENCES mentors ON DELETE CASCADE,
    category  text NOT NULL,
    followers integer NOT NULL,
    answers   integer NOT NULL,
    rating    integer NOT NULL,
    PRIMARY KEY (user_id, category)
);
CREATE INDEX mentor_shelves_by_followers ON mentor_shelves (category, followers DESC, user_id DESC);
CREATE INDEX mentor_shelves_by_answers ON mentor_shelves (category, answers DESC, user_id DESC);
CREATE INDEX mentor_shelves_by_rating ON mentor_shelves (category, rating DESC, user_id DESC);

CREATE FUNCTION shelve_mentor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM mentor_shelves WHERE user_id = NEW.user_id AND category <> '' AND category <> ALL (NEW.categories);
    INSERT INTO mentor_shelves (user_id, category, followers, answers, rating)
    SELECT NEW.user_id, category, NEW.followers, NEW.answers, NEW.rating
    FROM unnest(array_append(NEW.categories, '')) AS category
    ON CONFLICT (user_id, category) DO UPDATE
    SET followers = excluded.followers, answers = excluded.answers, rating = excluded.rating;
    RETURN NULL;
END
$$;
CREATE TRIGGER shelve_mentor AFTER INSERT OR UPDATE ON mentors FOR EACH ROW EXECUTE FUNCTION shelve_mentor();

CREATE TABLE follows (
    user_id   uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    mentor_id uuid NOT NULL REFERENCES mentors ON DELETE CASCADE,
    since     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, mentor_id),
    CHECK (user_id <> mentor_id)
);
CREATE INDEX follows_in_order ON follows (user_id, since DESC, mentor_id DESC);
CREATE INDEX follows_of_mentor ON follows (mentor_id, user_id);

-- The count is true whoever writes the rows: a person who is erased follows nobody any more.
CREATE FUNCTION count_followers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE mentors SET followers = followers + 1 WHERE user_id = NEW.mentor_id;
    ELSE
        UPDATE mentors SET followers = followers - 1 WHERE user_id = OLD.mentor_id;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER count_followers AFTER INSERT OR DELETE ON follows FOR EACH ROW EXECUTE FUNCTION count_followers();
