-- Badges: what one may be awarded, and for what, is data; who was awarded which stands in rows of its own.

-- Keys are for ever: what is no longer awarded is retired, and stays with those who have it.
CREATE TABLE badges (
    key        text PRIMARY KEY CHECK (key ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    ko_name    text NOT NULL,
    ko_about   text NOT NULL,
    en_name    text NOT NULL,
    en_about   text NOT NULL,
    drawing    text NOT NULL,                          -- one of those that come with Madang
    upload_id  uuid REFERENCES uploads ON DELETE SET NULL,  -- an admin's picture, shown instead
    position   integer NOT NULL,                       -- in the list; the lesser first
    rule       jsonb NOT NULL CHECK (rule ->> 'kind' IN ('minutes', 'streak', 'first', 'granted')),
    retired_at timestamptz
);

CREATE VIEW badge_cards AS
    SELECT key, ko_name, ko_about, en_name, en_about, drawing, upload_id::text AS upload, position, rule::text AS rule,
           retired_at IS NOT NULL AS retired
    FROM badges;

CREATE TABLE badge_awards (
    user_id    uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    badge      text NOT NULL REFERENCES badges,
    awarded_at timestamptz NOT NULL,
    by         uuid REFERENCES users,                  -- the admin, where it is not by a rule
    note       text NOT NULL DEFAULT '',               -- and what for
    PRIMARY KEY (user_id, badge),
    CHECK (by IS NOT NULL OR note = '')
);
CREATE INDEX badge_awards_in_order ON badge_awards (badge, awarded_at DESC, user_id DESC);

-- The one that somebody shows is always one of theirs.
ALTER TABLE users ADD COLUMN badge text;
ALTER TABLE users ADD FOREIGN KEY (id, badge) REFERENCES badge_awards (user_id, badge) ON DELETE SET NULL (badge);

-- The places of badges for those who come first. Each is a row, so that many take one at once and none waits for another.
CREATE TABLE badge_places (
    badge text NOT NULL REFERENCES badges,
    place integer NOT NULL CHECK (place > 0),
    taken boolean NOT NULL DEFAULT false,
    PRIMARY KEY (badge, place)
);
CREATE INDEX badge_places_free ON badge_places (badge, place) WHERE NOT taken;

-- People whose time in rooms is to be looked at, whether it has earned them a badge by now. Rows are only ever added and taken
-- away, so whoever writes stays waits for nobody who looks at them.
CREATE TABLE badge_looks (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id uuid NOT NULL,
    since   timestamptz NOT NULL,                      -- what was before has been looked at
    due_at  timestamptz NOT NULL                       -- not sooner; -infinity: something has changed
);
CREATE INDEX badge_looks_due ON badge_looks (due_at, id);
CREATE INDEX badge_looks_of_person ON badge_looks (user_id);

CREATE FUNCTION look_at_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO badge_looks (user_id, since, due_at)
    SELECT user_id, min(entered_at), '-infinity' FROM changed GROUP BY user_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER look_at_new_stays AFTER INSERT ON stays
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION look_at_stays();
CREATE TRIGGER look_at_ended_stays AFTER UPDATE ON stays
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION look_at_stays();

ALTER TABLE uploads DROP CONSTRAINT uploads_purpose_check;
ALTER TABLE uploads ADD CONSTRAINT uploads_purpose_check CHECK (purpose IN
    ('avatar', 'wallpaper', 'room_image', 'class_cover', 'post_image', 'badge', 'certificate', 'attachment'));

INSERT INTO badges (key, ko_name, ko_about, en_name, en_about, drawing, position, rule) VALUES
    ('first-hundred', '마당을 연 사람', '처음 가입한 100명에게 드립니다.',
     'Opened the yard', 'For the first 100 people who signed up.', 'gate', 10, '{"kind": "first", "people": 100}'),
    ('five-hours', '다섯 시간', '한 주에 다섯 시간을 마당에서 보냈습니다.',
     'Five hours', 'Five hours in the yard within a week.', 'lantern', 100,
     '{"kind": "minutes", "minutes": 300, "category": null, "per": "week"}'),
    ('twenty-hours', '스무 시간', '한 주에 스무 시간을 마당에서 보냈습니다.',
     'Twenty hours', 'Twenty hours in the yard within a week.', 'moon', 110,
     '{"kind": "minutes", "minutes": 1200, "category": null, "per": "week"}'),
    ('three-days', '작심삼일', '사흘 동안 날마다 10분 이상 함께했습니다.',
     'Three days', 'Ten minutes or more on three days in a row.', 'seedling', 200,
     '{"kind": "streak", "days": 3, "minutes": 10, "category": null}'),
    ('seven-days', '이레', '이레 동안 날마다 10분 이상 함께했습니다.',
     'Seven days', 'Ten minutes or more on seven days in a row.', 'flame', 210,
     '{"kind": "streak", "days": 7, "minutes": 10, "category": null}'),
    ('thirty-days', '한 달 개근', '30일 동안 날마다 10분 이상 함께했습니다.',
     'Thirty days', 'Ten minutes or more on thirty days in a row.', 'tree', 220,
     '{"kind": "streak", "days": 30, "minutes": 10, "category": null}'),
    ('hundred-days', '백일', '백일 동안 날마다 10분 이상 함께했습니다.',
     'A hundred days', 'Ten minutes or more on a hundred days in a row.', 'mountain', 230,
     '{"kind": "streak", "days": 100, "minutes": 10, "category": null}'),
    ('good-neighbour', '좋은 이웃', '이웃을 도운 사람에게 운영진이 드립니다.',
     'Good neighbour', 'From the admins, for helping others.', 'heart', 300, '{"kind": "granted"}'),
    ('yard-keeper', '마당지기', '마당을 가꾼 사람에게 운영진이 드립니다.',
     'Keeper of the yard', 'From the admins, for looking after this place.', 'broom', 310, '{"kind": "granted"}');

-- An hour in a week, for each of the categories that come with Madang and are still offered.
INSERT INTO badges (key, ko_name, ko_about, en_name, en_about, drawing, position, rule)
SELECT c.key || '-hour', b.ko, '한 주에 한 시간, ' || c.ko || ' 방에서 함께했습니다.',
       b.en, 'An hour within a week in rooms about ' || lower(c.en) || '.', b.drawing, 400 + c.position,
       jsonb_build_object('kind', 'minutes', 'minutes', 60, 'category', c.key, 'per', 'week')
FROM (VALUES
    ('daily',       '이웃사촌',     'Neighbour',        'house'),
    ('development', '코드 한 잔',   'A cup of code',    'code'),
    ('language',    '말문',         'Finding words',    'speech'),
    ('exam',        '열공',         'Hard at it',       'pencil'),
    ('career',      '첫걸음',       'First steps',      'steps'),
    ('business',    '새싹 사장',    'Open for business', 'stall'),
    ('design',      '눈썰미',       'A good eye',       'eye'),
    ('music',       '흥얼흥얼',     'Humming',          'note'),
    ('exercise',    '땀방울',       'Sweat',            'drop'),
    ('cooking',     '손맛',         'By hand',          'pot'),
    ('reading',     '책벌레',       'Bookworm',         'book'),
    ('art',         '물감',         'Paint',            'palette'),
    ('travel',      '나그네',       'Wanderer',         'compass'),
    ('science',     '물음표',       'Why?',             'flask')
) AS b(category, ko, en, drawing)
JOIN categories c ON c.key = b.category AND c.retired_at IS NULL;

INSERT INTO badge_places (badge, place) SELECT 'first-hundred', place FROM generate_series(1, 100) AS place;
