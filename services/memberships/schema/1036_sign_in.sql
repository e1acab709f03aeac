-- Signing in by mail, and the sessions that follow. No address, link, code or refresh token stands here so that it could be used: addresses are
-- sealed or keyed digests, secrets are digests. Locks are taken in this order: sign-in challenges or e-mail changes, members, sessions.

-- Who asked for a link, for the limits of an hour.
CREATE TABLE sign_in_requests (
  address_key bytea       NOT NULL,  -- Of the address without its +tag.
  network_key bytea       NOT NULL,
  create_time timestamptz NOT NULL
);

CREATE INDEX sign_in_requests_by_address ON sign_in_requests (address_key, create_time);
CREATE INDEX sign_in_requests_by_network ON sign_in_requests (network_key, create_time);
CREATE INDEX sign_in_requests_by_age ON sign_in_requests (create_time);

CREATE TABLE sign_in_challenges (
  id            text COLLATE "C" PRIMARY KEY,
  purpose       text        NOT NULL CHECK (purpose IN ('SIGN_IN', 'SIGN_UP', 'STAFF_SIGN_IN')),
  sealed        bytea       NOT NULL,         -- The address, and what the link brings along.
  token_hash    bytea       NOT NULL UNIQUE,  -- SHA-256 of the link's 256 random bits.
  code_mac      bytea       NOT NULL,         -- Keyed, and bound to this challenge: a million codes are soon tried.
  secret_hash   bytea       NOT NULL,         -- SHA-256 of what the browser that asked holds.
  failed_tries  integer     NOT NULL DEFAULT 0,
  create_time   timestamptz NOT NULL,
  expire_time   timestamptz NOT NULL,
  complete_time timestamptz,                  -- The link and the code are used up together.
  session_id    text COLLATE "C",
  CHECK ((complete_time IS NULL) = (session_id IS NULL))
);

CREATE INDEX sign_in_challenges_by_expiry ON sign_in_challenges (expire_time);

CREATE TABLE sessions (
  id              text COLLATE "C" PRIMARY KEY,
  member_id       text COLLATE "C" REFERENCES members,
  staff_id        text COLLATE "C" REFERENCES staff,
  device          text        NOT NULL,            -- As the reader would call it.
  nonce           bytea       NOT NULL,            -- Refresh tokens are made of it and of a key that is not here.
  generation      integer     NOT NULL DEFAULT 0,  -- Of the refresh token that is good; those before are used.
  last_refresh_id text        NOT NULL DEFAULT '', -- The call that made this generation: its repetition gets the same answer.
  create_time     timestamptz NOT NULL,
  refresh_time    timestamptz NOT NULL,
  expire_time     timestamptz NOT NULL,
  end_time        timestamptz,
  end_reason      text        CHECK (end_reason IN ('REVOKED', 'TOKEN_REUSED', 'TOO_MANY', 'MEMBER_GONE')),
  CHECK ((member_id IS NULL) <> (staff_id IS NULL)),
  CHECK ((end_time IS NULL) = (end_reason IS NULL))
);

CREATE INDEX sessions_of_member ON sessions (member_id, refresh_time) WHERE end_time IS NULL;
CREATE INDEX sessions_of_staff ON sessions (staff_id, refresh_time) WHERE end_time IS NULL;
CREATE INDEX sessions_by_expiry ON sessions (expire_time);

-- Whoever takes a member away ends the member's sessions, knowing of them or not.
CREATE FUNCTION end_sessions_of_member() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE sessions SET end_time = db_now(), end_reason = 'MEMBER_GONE' WHERE member_id = NEW.id AND end_time IS NULL;
  RETURN NULL;
END
$$;

CREATE TRIGGER member_takes_sessions_along
AFTER UPDATE OF state ON members
FOR EACH ROW WHEN (OLD.state = 'ACTIVE' AND NEW.state <> 'ACTIVE')
EXECUTE FUNCTION end_sessions_of_member();

-- An address changes when both the old and the new one have confirmed it.
CREATE TABLE email_changes (
  id               text COLLATE "C" PRIMARY KEY,
  member_id        text COLLATE "C" NOT NULL REFERENCES members,
  sealed           bytea       NOT NULL,  -- The new address.
  old_token_hash   bytea       NOT NULL UNIQUE,
  new_token_hash   bytea       NOT NULL UNIQUE,
  old_confirm_time timestamptz,
  new_confirm_time timestamptz,
  create_time      timestamptz NOT NULL,
  expire_time      timestamptz NOT NULL,
  complete_time    timestamptz
);

CREATE INDEX email_changes_by_expiry ON email_changes (expire_time);
CREATE INDEX email_changes_of_member ON email_changes (member_id) WHERE complete_time IS NULL;
