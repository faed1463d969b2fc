-- The reviews of all of a mentor's classes in one list; posts and reviews can be reported; who caused a reward is known.

-- A review knows whose class it is of, which never changes. Whoever writes a review need not say it.
ALTER TABLE class_reviews ADD COLUMN mentor_id uuid REFERENCES mentors;
CREATE FUNCTION place_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT c.mentor_id INTO NEW.mentor_id FROM classes c WHERE c.id = NEW.class_id;
    RETURN NEW;
END
$$;
CREATE TRIGGER place_review BEFORE INSERT ON class_reviews FOR EACH ROW EXECUTE FUNCTION place_review();
UPDATE class_reviews r SET mentor_id = c.mentor_id FROM classes c WHERE c.id = r.class_id;
ALTER TABLE class_reviews ALTER COLUMN mentor_id SET NOT NULL;
CREATE INDEX class_reviews_of_mentor ON class_reviews (mentor_id, reviewed_at DESC, user_id DESC, class_id DESC);

-- Where what was reported stands: a post on the board, a review at a class.
ALTER TABLE reports DROP CONSTRAINT reports_kind_check;
ALTER TABLE reports ADD CONSTRAINT reports_kind_check
    CHECK (kind IN ('message', 'person', 'room', 'question', 'answer', 'comment', 'review'));
ALTER TABLE reports ADD COLUMN question_id uuid REFERENCES questions;
ALTER TABLE reports ADD COLUMN class_id uuid REFERENCES classes ON DELETE CASCADE;
CREATE INDEX reports_at_class ON reports (class_id) WHERE class_id IS NOT NULL;

-- `by` is who caused a transfer: the admin who granted it, or who chose the answer that it rewards. How much somebody
-- caused lately is one range.
CREATE INDEX point_transfers_caused ON point_transfers (by, at) WHERE by IS NOT NULL;
DROP INDEX point_transfers_by;
