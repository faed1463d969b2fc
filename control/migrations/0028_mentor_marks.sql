-- Whether an author is a mentor is looked up for those who are shown. An EXISTS here may be answered by reading all mentors
-- first, and was, for a page of twenty.
CREATE OR REPLACE VIEW board_authors AS
    SELECT u.id AS author_id, u.id::text AS author, u.nickname, u.avatar_id::text AS avatar,
           (SELECT r.role FROM user_roles r WHERE r.user_id = u.id AND r.role = 'mentor') IS NOT NULL AS is_mentor
    FROM users u;
