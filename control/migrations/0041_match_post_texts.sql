-- Posts that look for company can be searched.

-- Folded words to compare, and their trigrams as the list of rooms has them.
CREATE TABLE match_post_texts (
    post_id uuid PRIMARY KEY REFERENCES match_posts ON DELETE CASCADE,
    words   text NOT NULL,
    grams   tsvector NOT NULL
);

CREATE FUNCTION keep_match_post_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO match_post_texts (post_id, words, grams)
    VALUES (NEW.id, room_words(NEW.title, NULL, '{}', NEW.text), room_grams(NEW.title, NULL, '{}', NEW.text))
    ON CONFLICT (post_id) DO UPDATE SET words = excluded.words, grams = excluded.grams;
    RETURN NULL;
END
$$;
CREATE TRIGGER keep_new_match_post_text AFTER INSERT ON match_posts
    FOR EACH ROW EXECUTE FUNCTION keep_match_post_text();
CREATE TRIGGER keep_match_post_text AFTER UPDATE OF title, text ON match_posts
    FOR EACH ROW WHEN ((OLD.title, OLD.text) IS DISTINCT FROM (NEW.title, NEW.text)) EXECUTE FUNCTION keep_match_post_text();

INSERT INTO match_post_texts (post_id, words, grams)
    SELECT id, room_words(title, NULL, '{}', text), room_grams(title, NULL, '{}', text) FROM match_posts;
CREATE INDEX match_post_texts_grams ON match_post_texts USING gin (grams);

-- Posts as lists show them to one person: those of whom he or the author blocked, and of authors who are gone, only if he is
-- in them. A block of his own does not hide an anonymous one: whatever vanished would be known to be theirs.
CREATE VIEW match_posts_seen AS
    SELECT viewer.id AS viewer_id, k.*, mine.joined_at IS NOT NULL AS joined,
           NOT k.anonymous OR (k.match_id IS NOT NULL AND mine.joined_at IS NOT NULL) AS named
    FROM users viewer
    CROSS JOIN match_post_cards k
    LEFT JOIN match_post_people mine ON mine.post_id = k.id AND mine.user_id = viewer.id
    WHERE mine.joined_at IS NOT NULL
        OR (
            k.author_stands AND NOT has_blocked(k.author_id, viewer.id)
            AND (k.anonymous OR NOT has_blocked(viewer.id, k.author_id))
        );
