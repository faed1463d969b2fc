-- What admins look for among people, where somebody has been, and copies of what is somebody's own.

CREATE INDEX user_roles_of_role ON user_roles (role, user_id DESC);
CREATE INDEX users_by_creation ON users (created_at) WHERE kind = 'person';
CREATE INDEX user_roles_mentors_by_time ON user_roles (granted_at) WHERE role = 'mentor';

-- Whoever is erased is looked for in all of these.
CREATE INDEX hooks_by ON hooks (created_by);
CREATE INDEX reports_about ON reports (person) WHERE person IS NOT NULL;
CREATE INDEX reports_resolved_by ON reports (resolved_by) WHERE resolved_by IS NOT NULL;
CREATE INDEX room_audit_by ON room_audit (by);
CREATE INDEX room_audit_about ON room_audit (person) WHERE person IS NOT NULL;
CREATE INDEX room_bans_by ON room_bans (by);
CREATE INDEX room_links_by ON room_links (by);
CREATE INDEX social_attempts_link_to ON social_attempts (link_to) WHERE link_to IS NOT NULL;

-- Between the two: who it was is forgotten, for good, and what they said and sent is going.
ALTER TABLE users ADD COLUMN erasing_at timestamptz;
CREATE INDEX users_deleted ON users (id DESC) WHERE deleted_at IS NOT NULL AND erasing_at IS NULL;
ALTER TABLE users ADD CONSTRAINT users_erasing_were_deleted
    CHECK ((erasing_at IS NULL OR deleted_at IS NOT NULL) AND (erased_at IS NULL OR erasing_at IS NOT NULL));
ALTER TABLE users DROP CONSTRAINT users_people_can_be_reached;
ALTER TABLE users ADD CONSTRAINT users_people_can_be_reached
    CHECK (kind = 'bot' OR erasing_at IS NOT NULL OR (email IS NOT NULL AND phone IS NOT NULL));
CREATE INDEX users_being_erased ON users (id) WHERE erasing_at IS NOT NULL AND erased_at IS NULL;

-- Rooms that somebody was in and left: what was said there is still theirs. A row goes when that is erased.
CREATE TABLE former_members (
    user_id uuid NOT NULL REFERENCES users,
    room_id uuid NOT NULL REFERENCES rooms,
    PRIMARY KEY (user_id, room_id)
);
CREATE INDEX former_members_of_room ON former_members (room_id);

CREATE FUNCTION remember_member() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO former_members (user_id, room_id) VALUES (OLD.user_id, OLD.room_id) ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;
CREATE TRIGGER remember_member AFTER DELETE ON members FOR EACH ROW EXECUTE FUNCTION remember_member();

-- Copies of what is somebody's own, as a zip in the S3 store under exports/<id>.zip.
CREATE TABLE exports (
    id          uuid PRIMARY KEY DEFAULT uuidv7(),
    user_id     uuid NOT NULL REFERENCES users,
    state       text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'working', 'ready', 'failed', 'expired')),
    attempts    smallint NOT NULL DEFAULT 0,            -- begun; who is killed at it leaves one
    size        bigint CHECK (size > 0),                -- bytes
    asked_at    timestamptz NOT NULL,
    finished_at timestamptz,
    expires_at  timestamptz,
    CHECK ((state = 'ready') <= (size IS NOT NULL AND expires_at IS NOT NULL)),
    CHECK ((state IN ('queued', 'working')) = (finished_at IS NULL))
);
CREATE UNIQUE INDEX exports_one_at_a_time ON exports (user_id) WHERE state IN ('queued', 'working');
CREATE INDEX exports_of_user ON exports (user_id, id DESC);
CREATE INDEX exports_to_make ON exports (id) WHERE state IN ('queued', 'working');
CREATE INDEX exports_to_sweep ON exports (expires_at) WHERE state = 'ready';
