-- A room has a picture: an upload of whoever chose it, until that is gone.
ALTER TABLE rooms ADD COLUMN image_id uuid REFERENCES uploads ON DELETE SET NULL;
CREATE INDEX rooms_of_image ON rooms (image_id) WHERE image_id IS NOT NULL;
