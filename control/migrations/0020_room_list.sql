-- The public list counts itself: any page is found by its distance from the top, and how many rooms there are is known,
-- without walking past them. And it can be searched.

-- In the order of creation, and dense but for what was rolled back: lists go by it, and count by it.
ALTER TABLE rooms ADD COLUMN number bigint;
UPDATE rooms SET number = counted.number FROM (SELECT id, row_number() OVER (ORDER BY id) AS number FROM rooms) counted
    WHERE rooms.id = counted.id;
ALTER TABLE rooms ALTER COLUMN number SET NOT NULL;
ALTER TABLE rooms ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY;
SELECT setval(pg_get_serial_sequence('rooms', 'number'), 1 + coalesce(max(number), 0), false) FROM rooms;

-- The release before this one goes by id: while it lives on, its lists are right, and slow where rooms are many.
DROP INDEX rooms_listed, rooms_listed_by_category, rooms_open, rooms_open_by_category;
CREATE UNIQUE INDEX rooms_listed ON rooms (number DESC)
    WHERE kind = 'group' AND visibility <> 'private' AND archived_at IS NULL;
CREATE INDEX rooms_listed_by_category ON rooms (category, number DESC)
    WHERE kind = 'group' AND visibility <> 'private' AND archived_at IS NULL;
CREATE INDEX rooms_open ON rooms (number DESC)
    WHERE kind = 'group' AND visibility = 'public' AND archived_at IS NULL AND NOT is_full;
CREATE INDEX rooms_open_by_category ON rooms (category, number DESC)
    WHERE kind = 'group' AND visibility = 'public' AND archived_at IS NULL AND NOT is_full;

-- How many rooms the list has in each run of 2^8, 2^13 and 2^18 numbers: all of them under the category '', and those of each
-- category. To count while a room is made would have everybody who makes one wait for one row; so what has changed is only
-- noted, in the transaction that changed it, and whoever reads adds the notes to the tallies. `control/rooms/tallying.py`
-- folds them in now and then. So the count is exact, for every reader, at every moment.
CREATE TABLE room_tallies (
    category text NOT NULL,
    shift    smallint NOT NULL,                        -- 8, 13, 18
    node     bigint NOT NULL,                          -- number >> shift
    listed   integer NOT NULL,
    possible integer NOT NULL,                         -- of those, the ones that one can walk into
    PRIMARY KEY (category, shift, node)
) WITH (fillfactor = 70);
CREATE TABLE room_tally_notes (
    category text,                                     -- of the room, if it has one
    node     bigint NOT NULL,                          -- number >> 8
    listed   integer NOT NULL,                         -- more, or less
    possible integer NOT NULL
);

-- What a search compares: words, composed and folded.
CREATE FUNCTION room_fold(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT casefold(normalize(words, NFC) COLLATE pg_c_utf8)
$$;
CREATE FUNCTION room_words(title text, category text, tags text[], description text) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT room_fold(concat_ws(' ', title, category, array_to_string(tags, ' '), description))
$$;

-- The trigrams of all words: the three characters that stand at each place, fewer at a word's end. pg_trgm would leave out
-- whatever the database's locale does not call a letter: under C, all of Hangul. The category stands among them, after a
-- blank, which no word has.
CREATE FUNCTION room_grams(title text, category text, tags text[], description text) RETURNS tsvector
    LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT array_to_tsvector(array_agg(DISTINCT gram))
    FROM (
        SELECT substr(word, place, 3)
        FROM regexp_split_to_table(room_words(title, category, tags, description), '\s+') AS word,
             generate_series(1, length(word)) AS place
        UNION ALL
        SELECT ' ' || category WHERE category IS NOT NULL
    ) AS grams (gram)
$$;

-- What has all words of `sought`, each anywhere inside a word, has these trigrams, and matches these patterns. Words of one
-- character are left to the patterns; null when there are no others. (A tsvector as text is its lexemes, quoted.)
CREATE FUNCTION room_query(sought text, of_category text) RETURNS tsquery LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT string_agg(array_to_tsvector(ARRAY[gram])::text || CASE WHEN length(gram) < 3 THEN ':*' ELSE '' END, ' & ')::tsquery
           && CASE WHEN of_category IS NULL THEN '' ELSE array_to_tsvector(ARRAY[' ' || of_category])::text END::tsquery
    FROM (
        SELECT DISTINCT substr(word, place, 3)
        FROM regexp_split_to_table(room_fold(sought), '\s+') AS word,
             generate_series(1, greatest(length(word) - 2, 1)) AS place
        WHERE length(word) > 1
    ) AS grams (gram)
$$;
CREATE FUNCTION room_patterns(sought text) RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT array_agg('%' || regexp_replace(word, '([%_\\])', '\\\1', 'g') || '%')
    FROM regexp_split_to_table(room_fold(sought), '\s+') AS word
    WHERE word <> ''
$$;

-- The listed rooms, as they are searched. Apart from `rooms`, whose rows change whenever somebody comes or goes.
CREATE TABLE room_texts (
    number bigint PRIMARY KEY,
    grams  tsvector NOT NULL
);

-- Kept by the table itself, whoever changes a room. In bulk, a note for each run of numbers and not for each room.
CREATE FUNCTION rooms_made() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO room_tally_notes
        SELECT category, number >> 8, count(*), count(*) FILTER (WHERE visibility = 'public' AND NOT is_full)
        FROM made
        WHERE kind = 'group' AND visibility <> 'private' AND archived_at IS NULL
        GROUP BY category, number >> 8;
    INSERT INTO room_texts
        SELECT number, room_grams(title, category, tags, description)
        FROM made
        WHERE kind = 'group' AND visibility <> 'private' AND archived_at IS NULL;
    RETURN NULL;
END
$$;
CREATE TRIGGER rooms_made AFTER INSERT ON rooms REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION rooms_made();

CREATE FUNCTION room_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was_listed   boolean := OLD.kind = 'group' AND OLD.visibility <> 'private' AND OLD.archived_at IS NULL;
    is_listed    boolean := TG_OP = 'UPDATE' AND NEW.kind = 'group' AND NEW.visibility <> 'private'
                            AND NEW.archived_at IS NULL;
    was_possible boolean := was_listed AND OLD.visibility = 'public' AND NOT OLD.is_full;
    is_possible  boolean := is_listed AND NEW.visibility = 'public' AND NOT NEW.is_full;
BEGIN
    IF was_listed AND is_listed AND OLD.category IS NOT DISTINCT FROM NEW.category THEN
        IF was_possible <> is_possible THEN
            INSERT INTO room_tally_notes
                VALUES (NEW.category, NEW.number >> 8, 0, is_possible::integer - was_possible::integer);
        END IF;
    ELSE
        IF was_listed THEN
            INSERT INTO room_tally_notes VALUES (OLD.category, OLD.number >> 8, -1, -was_possible::integer);
        END IF;
        IF is_listed THEN
            INSERT INTO room_tally_notes VALUES (NEW.category, NEW.number >> 8, 1, is_possible::integer);
        END IF;
    END IF;
    IF was_listed AND NOT is_listed THEN
        DELETE FROM room_texts WHERE number = OLD.number;
    ELSIF is_listed AND NOT (was_listed AND (OLD.title, OLD.category, OLD.tags, OLD.description)
                                IS NOT DISTINCT FROM (NEW.title, NEW.category, NEW.tags, NEW.description)) THEN
        INSERT INTO room_texts
            VALUES (NEW.number, room_grams(NEW.title, NEW.category, NEW.tags, NEW.description))
            ON CONFLICT (number) DO UPDATE SET grams = excluded.grams;
    END IF;
    RETURN NULL;
END
$$;
-- Somebody who comes or goes, and neither fills the room nor makes place in it, changes nothing of the list.
CREATE TRIGGER room_changed AFTER UPDATE ON rooms FOR EACH ROW
    WHEN ((OLD.is_full, OLD.visibility, OLD.archived_at, OLD.kind, OLD.title, OLD.category, OLD.tags, OLD.description)
          IS DISTINCT FROM
          (NEW.is_full, NEW.visibility, NEW.archived_at, NEW.kind, NEW.title, NEW.category, NEW.tags, NEW.description))
    EXECUTE FUNCTION room_changed();
CREATE TRIGGER room_removed AFTER DELETE ON rooms FOR EACH ROW EXECUTE FUNCTION room_changed();

-- What the list has in the runs `first` to `last`, the newest first; runs that have nothing may be left out.
CREATE FUNCTION room_runs(of_category text, only_possible boolean, of_shift integer, first bigint, last bigint)
    RETURNS TABLE (node bigint, rooms bigint) LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT counted.node, sum(counted.rooms)
    FROM (
        SELECT tally.node, CASE WHEN only_possible THEN tally.possible ELSE tally.listed END AS rooms
        FROM room_tallies tally
        WHERE tally.category = of_category AND tally.shift = of_shift AND tally.node BETWEEN first AND last
        UNION ALL
        SELECT note.node >> (of_shift - 8), CASE WHEN only_possible THEN note.possible ELSE note.listed END
        FROM room_tally_notes note
        WHERE of_category IN ('', note.category) AND note.node >> (of_shift - 8) BETWEEN first AND last
    ) AS counted
    GROUP BY counted.node
    ORDER BY counted.node DESC
$$;

-- Where the list of a category ('' for all) has the room before which `rank` others stand: `skip` rooms below the number
-- `below`, and fewer than 256. `total` is how many there are. As old as the statement that asks.
CREATE FUNCTION room_place(of_category text, only_possible boolean, rank bigint,
                           OUT below bigint, OUT skip bigint, OUT total bigint)
    LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    first bigint := 0;                                 -- the run that has the room: these nodes
    last  bigint := 9223372036854775807;
    found bigint;
    run   record;
BEGIN
    below := 9223372036854775807;
    skip := rank;
    total := 0;
    FOR run IN SELECT * FROM room_runs(of_category, only_possible, 18, first, last) LOOP
        IF found IS NULL AND total + run.rooms > rank THEN
            found := run.node;
            skip := rank - total;
        END IF;
        total := total + run.rooms;
    END LOOP;
    IF found IS NULL THEN                              -- past the end
        below := 0;
        skip := 0;
    ELSIF rank < 256 THEN                              -- near enough to walk from the top
        skip := rank;
    ELSE
        FOR shift IN REVERSE 13 .. 8 BY 5 LOOP
            first := found << 5;
            FOR run IN SELECT * FROM room_runs(of_category, only_possible, shift, first, first + 31) LOOP
                found := run.node;
                EXIT WHEN run.rooms > skip;
                skip := skip - run.rooms;
            END LOOP;
        END LOOP;
        below := (found + 1) << 8;
    END IF;
END
$$;

INSERT INTO room_texts
    SELECT number, room_grams(title, category, tags, description)
    FROM rooms
    WHERE kind = 'group' AND visibility <> 'private' AND archived_at IS NULL;
CREATE INDEX room_texts_grams ON room_texts USING gin (grams);

INSERT INTO room_tallies
    SELECT lists.category, shifts.shift, rooms.number >> shifts.shift, count(*),
           count(*) FILTER (WHERE visibility = 'public' AND NOT is_full)
    FROM rooms, LATERAL (VALUES (''), (rooms.category)) lists (category), (VALUES (8), (13), (18)) shifts (shift)
    WHERE kind = 'group' AND visibility <> 'private' AND archived_at IS NULL AND lists.category IS NOT NULL
    GROUP BY 1, 2, 3;
