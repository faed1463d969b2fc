-- A match's room is about what its people came for: time in it counts under that. And what Madang calls a room by itself it
-- calls so in each of its languages.

INSERT INTO categories (key, ko, en, position) VALUES
    ('study', '함께 공부', 'Studying together', 150),
    ('meal',  '함께 식사', 'Eating together',   160)
ON CONFLICT (key) DO NOTHING;

INSERT INTO badges (key, ko_name, ko_about, en_name, en_about, drawing, position, rule) VALUES
    ('study-hour', '글동무', '한 주에 한 시간, 함께 공부한 사람과 방에서 보냈습니다.',
     'Study mate', 'An hour within a week in rooms of those met to study.', 'lantern', 550,
     '{"kind": "minutes", "minutes": 60, "category": "study", "per": "week"}'),
    ('meal-hour', '밥친구', '한 주에 한 시간, 함께 밥 먹은 사람과 방에서 보냈습니다.',
     'Table mate', 'An hour within a week in rooms of those met to eat.', 'pot', 560,
     '{"kind": "minutes", "minutes": 60, "category": "meal", "per": "week"}')
ON CONFLICT (key) DO NOTHING;

-- The title in English, where it is Madang's own: of two who were matched at random. Null: it is somebody's, in any language.
ALTER TABLE rooms ADD COLUMN title_en text CHECK (title_en <> '');
ALTER TABLE matches ADD COLUMN title_en text CHECK (title_en <> '');

UPDATE matches m
SET title_en = left(
        concat_ws(
            ' · ',
            (SELECT string_agg(coalesce(c.en, agreed.key), ', ' ORDER BY agreed.n)
             FROM unnest(a.agreed_places) WITH ORDINALITY AS agreed (key, n)
             LEFT JOIN conditions c ON c.list = 'places' AND c.key = agreed.key),
            (SELECT string_agg(coalesce(c.en, agreed.key), ', ' ORDER BY agreed.n)
             FROM unnest(a.agreed_manners) WITH ORDINALITY AS agreed (key, n)
             LEFT JOIN conditions c
                 ON c.list = CASE m.category WHEN 'meal' THEN 'ways' ELSE 'kinds' END AND c.key = agreed.key)
        ),
        60
    )
FROM (
    SELECT DISTINCT ON (match_id) match_id, agreed_places, agreed_manners
    FROM match_applications WHERE match_id IS NOT NULL ORDER BY match_id, id
) a
WHERE a.match_id = m.id;

UPDATE rooms r
SET category = m.category, title_en = CASE WHEN r.title = m.title THEN m.title_en END
FROM matches m
WHERE m.room_id = r.id AND r.category IS NULL;
