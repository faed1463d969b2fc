-- Whether an upload is in use anywhere. One that is confirmed and is not a day later, is swept away; one that was in use by
-- then is settled, and whoever ends that use removes it.
CREATE FUNCTION upload_is_used(uuid) RETURNS boolean LANGUAGE sql STABLE
RETURN EXISTS (SELECT FROM uploads WHERE id = $1 AND sent_at IS NOT NULL)
    OR EXISTS (SELECT FROM avatars WHERE upload_id = $1)
    OR EXISTS (SELECT FROM users WHERE avatar_id = $1)
    OR EXISTS (SELECT FROM users WHERE wallpaper_id = $1)
    OR EXISTS (SELECT FROM rooms WHERE image_id = $1)
    OR EXISTS (SELECT FROM classes WHERE cover_id = $1)
    OR EXISTS (SELECT FROM board_pictures WHERE upload_id = $1)
    OR EXISTS (SELECT FROM mentor_certificates WHERE upload_id = $1)
    OR EXISTS (SELECT FROM badges WHERE upload_id = $1);

ALTER TABLE uploads ADD COLUMN settled boolean NOT NULL DEFAULT false;
CREATE INDEX uploads_unsettled ON uploads (confirmed_at) WHERE NOT settled AND removed_at IS NULL;
CREATE INDEX uploads_unsettled_of_owner ON uploads (owner_id) WHERE NOT settled AND removed_at IS NULL;
