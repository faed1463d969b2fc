-- Below a removed post there is nothing, and a mentor's best answers are counted by what is there.

-- What was left below removed posts, whose text nobody saw any more and nobody could take back.
UPDATE answers a SET text = '', removed_at = q.removed_at
FROM questions q WHERE q.id = a.question_id AND q.removed_at IS NOT NULL AND a.removed_at IS NULL;
CREATE TEMPORARY TABLE gone ON COMMIT DROP AS
    SELECT id FROM questions WHERE removed_at IS NOT NULL UNION ALL SELECT id FROM answers WHERE removed_at IS NOT NULL;
WITH comments AS (DELETE FROM board_comments c USING gone WHERE c.post_id = gone.id RETURNING c.id)
DELETE FROM board_likes l USING comments WHERE l.post_id = comments.id;
DELETE FROM board_likes l USING gone WHERE l.post_id = gone.id;
WITH pictures AS (DELETE FROM board_pictures p USING gone WHERE p.post_id = gone.id RETURNING p.upload_id)
UPDATE uploads u SET removed_at = now() FROM pictures WHERE u.id = pictures.upload_id AND u.removed_at IS NULL;
UPDATE questions SET best_id = NULL, answers = 0, comments = 0 WHERE removed_at IS NOT NULL;
UPDATE answers SET comments = 0, likes = 0 WHERE removed_at IS NOT NULL;

-- Counted anew whenever it is written, so it is true whoever writes it; and it is written when another answer is the best.
CREATE FUNCTION count_best_answers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN  -- whoever chooses one of them meanwhile is waited for, or waits and finds the mentor
        PERFORM FROM answers WHERE author_id = NEW.user_id ORDER BY id FOR UPDATE;
    END IF;
    SELECT count(*) INTO NEW.answers
    FROM answers a JOIN questions q ON q.id = a.question_id AND q.best_id = a.id
    WHERE a.author_id = NEW.user_id;
    RETURN NEW;
END
$$;
CREATE TRIGGER count_best_answers BEFORE INSERT OR UPDATE OF answers ON mentors
    FOR EACH ROW EXECUTE FUNCTION count_best_answers();

CREATE FUNCTION best_answer_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE mentors SET answers = answers
    WHERE user_id IN (SELECT author_id FROM answers WHERE id IN (OLD.best_id, NEW.best_id));
    RETURN NULL;
END
$$;
CREATE TRIGGER best_answer_changed AFTER UPDATE OF best_id ON questions FOR EACH ROW
    WHEN (OLD.best_id IS DISTINCT FROM NEW.best_id) EXECUTE FUNCTION best_answer_changed();

UPDATE mentors SET answers = answers;
