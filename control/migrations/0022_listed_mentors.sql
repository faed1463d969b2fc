-- Only these mentors are shown to anybody: who has the role now, however it was given, is not suspended, and has not left.
CREATE VIEW listed_mentors AS
    SELECT m.*, u.nickname
    FROM mentors m
    JOIN users u ON u.id = m.user_id
    WHERE u.deleted_at IS NULL
        AND EXISTS (SELECT FROM user_roles r WHERE r.user_id = m.user_id AND r.role = 'mentor')
        AND NOT EXISTS (SELECT FROM suspensions s WHERE s.user_id = m.user_id);
