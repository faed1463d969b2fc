-- A class is shown with the face of who gives it.
CREATE OR REPLACE VIEW class_cards AS
    SELECT c.id, c.mentor_id, u.nickname AS mentor_nickname, c.room_id, c.title, c.price, c.capacity, c.starts_at, c.cover_id,
           c.categories, c.state, c.created_at, c.opened_at, c.called_off_at, c.unlisted_at, c.registered, c.waiting,
           c.reviews, c.rating, u.avatar_id::text AS mentor_avatar
    FROM classes c
    JOIN users u ON u.id = c.mentor_id;
