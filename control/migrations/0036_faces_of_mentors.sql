-- A mentor is listed with their picture. And the room of a class is of the class's first category, so that time spent there
-- counts as time spent on that.
CREATE OR REPLACE VIEW listed_mentors AS
    SELECT m.*, u.nickname, u.avatar_id::text AS avatar
    FROM mentors m
    JOIN users u ON u.id = m.user_id
    WHERE u.deleted_at IS NULL
        AND EXISTS (SELECT FROM user_roles r WHERE r.user_id = m.user_id AND r.role = 'mentor')
        AND NOT EXISTS (SELECT FROM suspensions s WHERE s.user_id = m.user_id);

UPDATE rooms r SET category = c.categories[1] FROM classes c WHERE c.room_id = r.id AND r.category IS NULL;
