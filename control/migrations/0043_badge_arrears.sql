-- Badges for time in rooms that were offered, or made easier, after that time was spent: how far people have been looked at,
-- in the order in which they signed up, for who has earned it already.
CREATE TABLE badge_arrears (
    badge  text PRIMARY KEY REFERENCES badges,
    after  uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',  -- people up to this one have been looked at
    looked integer NOT NULL DEFAULT 0,
    people integer NOT NULL                            -- as many as there were when it began
);
