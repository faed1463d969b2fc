-- What people show of themselves, by what they let themselves be found, and the categories that interests are chosen from.

ALTER TABLE users ADD COLUMN status text NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN avatar_id uuid REFERENCES uploads;
ALTER TABLE users ADD COLUMN wallpaper_id uuid REFERENCES uploads;
ALTER TABLE users ADD COLUMN found_by text[] NOT NULL DEFAULT '{nickname,email,phone}'
    CHECK (found_by <@ ARRAY['nickname', 'email', 'phone']);
-- A file that is swept away must not read all people to learn that nobody shows it.
CREATE INDEX users_of_avatar ON users (avatar_id) WHERE avatar_id IS NOT NULL;
CREATE INDEX users_of_wallpaper ON users (wallpaper_id) WHERE wallpaper_id IS NOT NULL;

-- The pictures somebody has shown, the present one among them. A row goes before its file does.
CREATE TABLE avatars (
    upload_id uuid PRIMARY KEY REFERENCES uploads,
    user_id   uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    since     timestamptz NOT NULL                     -- when it was put on last
);
CREATE INDEX avatars_in_order ON avatars (user_id, since DESC, upload_id DESC);

-- What people, mentors, classes and rooms are about. Keys are for ever: what is no longer offered is retired.
CREATE TABLE categories (
    key        text PRIMARY KEY CHECK (key ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    ko         text NOT NULL,
    en         text NOT NULL,
    position   integer NOT NULL,                       -- in the list; the lesser first
    retired_at timestamptz
);
INSERT INTO categories (key, ko, en, position) VALUES
    ('daily',       '일상',     'Daily life',  10),
    ('development', '개발',     'Development', 20),
    ('language',    '외국어',   'Languages',   30),
    ('exam',        '시험',     'Exams',       40),
    ('career',      '취업',     'Career',      50),
    ('business',    '창업',     'Business',    60),
    ('design',      '디자인',   'Design',      70),
    ('music',       '음악',     'Music',       80),
    ('exercise',    '운동',     'Exercise',    90),
    ('cooking',     '요리',     'Cooking',    100),
    ('reading',     '독서',     'Reading',    110),
    ('art',         '예술',     'Art',        120),
    ('travel',      '여행',     'Travel',     130),
    ('science',     '과학',     'Science',    140);

-- Every control process keeps them in memory, and is told.
CREATE FUNCTION ring_categories() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('categories', '');
    RETURN NULL;
END
$$;
CREATE TRIGGER ring_categories AFTER INSERT OR UPDATE OR DELETE ON categories
    FOR EACH STATEMENT EXECUTE FUNCTION ring_categories();
