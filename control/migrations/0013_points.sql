-- Points, as a double-entry ledger: every transfer takes from one account what it gives to another.

-- An account of a person; there is none before its first entry. Accounts of the yard itself (see point_entries) keep no
-- balance: it is the sum of their entries, may be negative, and is no row that everybody would have to wait for.
CREATE TABLE point_accounts (
    user_id uuid PRIMARY KEY REFERENCES users,
    balance bigint NOT NULL CHECK (balance >= 0)           -- of its newest entry; its row is locked by whoever changes it
);

CREATE TABLE point_transfers (
    id        uuid PRIMARY KEY DEFAULT uuidv7(),
    reference text NOT NULL UNIQUE,                         -- what it is for: the same is never done twice
    kind      text NOT NULL CHECK (kind IN ('grant', 'reward', 'purchase', 'refund', 'earning')),
    subject   uuid,                                         -- the class or the answer that it is about
    note      text NOT NULL DEFAULT '',                     -- of who granted it
    by        uuid REFERENCES users ON DELETE SET NULL,     -- the admin who granted it
    at        timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX point_transfers_by ON point_transfers (by) WHERE by IS NOT NULL;

-- Never changed, never deleted. Of one account they are in the order of `id`: it is given out behind the account's lock.
CREATE TABLE point_entries (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    transfer_id uuid NOT NULL REFERENCES point_transfers,
    owner_id    uuid REFERENCES point_accounts,             -- whose account, or
    treasury    text CHECK (treasury IN ('grants', 'rewards', 'classes')),  -- which of the yard's own
    points      bigint NOT NULL CHECK (points <> 0),        -- negative: taken from it
    balance     bigint CHECK (balance >= 0),                -- of a person's account, after this entry
    CHECK ((owner_id IS NULL) <> (treasury IS NULL)),
    CHECK ((owner_id IS NULL) = (balance IS NULL))
);
CREATE INDEX point_entries_of_owner ON point_entries (owner_id, id DESC) WHERE owner_id IS NOT NULL;
CREATE INDEX point_entries_of_transfer ON point_entries (transfer_id);

-- Whoever writes the entries: those of a transfer sum to nought when the transaction ends.
CREATE FUNCTION point_entries_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT sum(points) FROM point_entries WHERE transfer_id = NEW.transfer_id) <> 0 THEN
        RAISE EXCEPTION 'the entries of the transfer % do not sum to nought', NEW.transfer_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER point_entries_balance AFTER INSERT OR UPDATE ON point_entries
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION point_entries_balance();
