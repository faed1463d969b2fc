-- What the successor of a used refresh token is made of, together with that token itself: who comes again because the answer
-- was lost is given the same one. Gone as soon as the successor is used.
ALTER TABLE refresh_tokens ADD COLUMN successor_salt bytea;
