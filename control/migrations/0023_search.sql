-- One box over rooms, questions, mentors and classes: what each of them is found by, whatever table it lies in.

-- Written by triggers of the tables that it is about, so in the transaction of the change, whoever changes them. Only what
-- everybody may find is here; who may see it in the end is asked again when it is shown.
CREATE TABLE search_entries (
    kind  text NOT NULL,
    id    uuid NOT NULL,
    head  text COLLATE "C" NOT NULL,                   -- keystrokes of the title
    names text NOT NULL,                               -- of the title and of all labels, behind a blank
    body  text NOT NULL,                               -- of the beginning of the rest, behind a blank
    PRIMARY KEY (kind, id)
) PARTITION BY LIST (kind);
CREATE TABLE search_rooms PARTITION OF search_entries FOR VALUES IN ('room');
CREATE TABLE search_questions PARTITION OF search_entries FOR VALUES IN ('question');
CREATE TABLE search_mentors PARTITION OF search_entries FOR VALUES IN ('mentor');
CREATE TABLE search_classes PARTITION OF search_entries FOR VALUES IN ('class');
CREATE INDEX search_entries_by_words ON search_entries USING gin (names gin_trgm_ops, body gin_trgm_ops);
CREATE INDEX search_entries_by_head ON search_entries (kind, head, id);

-- What searches of a kind may find is another from now on: everybody who keeps what was found hears of it, once for each
-- transaction, when it commits.
CREATE FUNCTION search_changed(of_kind text) RETURNS void LANGUAGE sql AS $$
    SELECT pg_notify('search', of_kind || ':' || pg_current_xact_id())
$$;

CREATE FUNCTION search_put(of_kind text, of_id uuid, title text, labels text, rest text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_entries AS e (kind, id, head, names, body)
    SELECT of_kind, of_id, head, concat(' ', head, ' ', keystrokes(labels)), ' ' || keystrokes(left(rest, 2000))
    FROM keystrokes(title) AS head
    ON CONFLICT (kind, id) DO UPDATE SET head = excluded.head, names = excluded.names, body = excluded.body
    WHERE (e.head, e.names, e.body) IS DISTINCT FROM (excluded.head, excluded.names, excluded.body);
    IF FOUND THEN
        PERFORM search_changed(of_kind);
    END IF;
END
$$;

CREATE FUNCTION search_drop(of_kind text, of_id uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM search_entries WHERE kind = of_kind AND id = of_id;
    IF FOUND THEN
        PERFORM search_changed(of_kind);
    END IF;
END
$$;

-- Rooms: those that anybody can walk into. Many may be made at once.
CREATE FUNCTION search_rooms_made() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_rooms (kind, id, head, names, body)
    SELECT 'room', id, head, concat(' ', head, ' ', keystrokes(array_to_string(tags, ' '))),
           ' ' || keystrokes(description)
    FROM made, keystrokes(title) AS head
    WHERE kind = 'group' AND visibility = 'public' AND archived_at IS NULL;
    IF FOUND THEN
        PERFORM search_changed('room');
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER search_rooms_made AFTER INSERT ON rooms REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION search_rooms_made();

CREATE FUNCTION search_room_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.kind = 'group' AND NEW.visibility = 'public' AND NEW.archived_at IS NULL THEN
        PERFORM search_put('room', NEW.id, NEW.title, array_to_string(NEW.tags, ' '), NEW.description);
    ELSE
        PERFORM search_drop('room', OLD.id);
    END IF;
    RETURN NULL;
END
$$;
-- Whoever comes or goes changes nothing that is searched.
CREATE TRIGGER search_room_changed AFTER UPDATE ON rooms FOR EACH ROW
    WHEN ((OLD.kind, OLD.visibility, OLD.archived_at, OLD.title, OLD.tags, OLD.description)
          IS DISTINCT FROM (NEW.kind, NEW.visibility, NEW.archived_at, NEW.title, NEW.tags, NEW.description))
    EXECUTE FUNCTION search_room_changed();
CREATE TRIGGER search_room_removed AFTER DELETE ON rooms FOR EACH ROW EXECUTE FUNCTION search_room_changed();

-- Questions that were not removed.
CREATE FUNCTION search_question_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'DELETE' AND NEW.removed_at IS NULL THEN
        PERFORM search_put('question', NEW.id, NEW.title, array_to_string(NEW.tags, ' '), NEW.text);
    ELSE
        PERFORM search_drop('question', OLD.id);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER search_question_changed AFTER INSERT OR DELETE OR UPDATE OF title, tags, text, removed_at ON questions
    FOR EACH ROW EXECUTE FUNCTION search_question_changed();

-- Mentors, by their nickname. Who has the role no more, or is suspended, is found and not shown (`listed_mentors`).
CREATE FUNCTION search_mentor_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM search_drop('mentor', OLD.user_id);
    ELSE
        PERFORM search_put('mentor', m.user_id, u.nickname, m.company || ' ' || m.department, m.introduction)
        FROM mentors m JOIN users u ON u.id = m.user_id
        WHERE m.user_id = NEW.user_id;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER search_mentor_changed AFTER INSERT OR DELETE OR UPDATE OF company, department, introduction ON mentors
    FOR EACH ROW EXECUTE FUNCTION search_mentor_changed();

CREATE FUNCTION search_mentor_renamed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM search_put('mentor', m.user_id, NEW.nickname, m.company || ' ' || m.department, m.introduction)
    FROM mentors m
    WHERE m.user_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER search_mentor_renamed AFTER UPDATE OF nickname ON users FOR EACH ROW
    WHEN (OLD.nickname IS DISTINCT FROM NEW.nickname) EXECUTE FUNCTION search_mentor_renamed();

-- What is there already.
INSERT INTO search_rooms (kind, id, head, names, body)
SELECT 'room', id, head, concat(' ', head, ' ', keystrokes(array_to_string(tags, ' '))), ' ' || keystrokes(description)
FROM rooms, keystrokes(title) AS head
WHERE kind = 'group' AND visibility = 'public' AND archived_at IS NULL;
SELECT search_put('question', id, title, array_to_string(tags, ' '), text) FROM questions WHERE removed_at IS NULL;
SELECT search_put('mentor', m.user_id, u.nickname, m.company || ' ' || m.department, m.introduction)
FROM mentors m JOIN users u ON u.id = m.user_id;
