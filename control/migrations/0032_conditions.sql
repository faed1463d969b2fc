-- What people look for company by: where, in which way they eat, which kind of study. Keys are for ever: what is no longer
-- offered is retired. Posts and applications hold keys, as whatever has a category does.

CREATE TABLE conditions (
    list       text NOT NULL CHECK (list IN ('places', 'ways', 'kinds')),
    key        text NOT NULL CHECK (key ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    ko         text NOT NULL,
    en         text NOT NULL,
    position   integer NOT NULL,                       -- in its list; the lesser first
    retired_at timestamptz,
    PRIMARY KEY (list, key)
);
INSERT INTO conditions (list, key, ko, en, position) VALUES
    ('places', 'library',     '도서관',      'Library',           10),
    ('places', 'study-cafe',  '스터디카페',  'Study café',        20),
    ('places', 'cafe',        '카페',        'Café',              30),
    ('places', 'campus',      '학교',        'Campus',            40),
    ('places', 'office',      '회사',        'Office',            50),
    ('places', 'downtown',    '시내',        'Downtown',          60),
    ('places', 'online',      '온라인',      'Online',            70),
    ('ways',   'eating-out',  '외식',        'Eating out',        10),
    ('ways',   'delivery',    '배달',        'Delivery',          20),
    ('ways',   'take-out',    '포장',        'Take-out',          30),
    ('ways',   'packed',      '도시락',      'Packed lunch',      40),
    ('ways',   'canteen',     '구내식당',    'Canteen',           50),
    ('kinds',  'own-work',    '각자 공부',   'Each on their own', 10),
    ('kinds',  'development', '개발',        'Development',       20),
    ('kinds',  'language',    '외국어',      'Languages',         30),
    ('kinds',  'certificate', '자격증',      'Certificates',      40),
    ('kinds',  'exam',        '시험',        'Exams',             50),
    ('kinds',  'career',      '취업',        'Job hunting',       60),
    ('kinds',  'reading',     '독서',        'Reading',           70);

-- Kept in memory by every control process beside the categories, and heard of by the same bell.
CREATE TRIGGER ring_conditions AFTER INSERT OR UPDATE OR DELETE ON conditions
    FOR EACH STATEMENT EXECUTE FUNCTION ring_categories();
