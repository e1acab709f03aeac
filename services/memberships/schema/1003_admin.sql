-- Staff, and the keys of backends.

CREATE TABLE staff (
  id           text COLLATE "C" PRIMARY KEY,
  email        text        NOT NULL,
  email_normal text        NOT NULL,
  display_name text        NOT NULL,
  roles        text[]      NOT NULL,
  revision     bigint      NOT NULL,
  create_time  timestamptz NOT NULL,
  update_time  timestamptz NOT NULL,
  CONSTRAINT staff_email UNIQUE (email_normal)
);

CREATE TABLE api_keys (
  id           text COLLATE "C" PRIMARY KEY,
  secret_hash  bytea       NOT NULL CHECK (length(secret_hash) = 32),  -- SHA-256; the secret itself is not kept.
  display_name text        NOT NULL,
  scopes       text[]      NOT NULL,
  revision     bigint      NOT NULL,
  create_time  timestamptz NOT NULL,
  expire_time  timestamptz,
  revoke_time  timestamptz
);

CREATE INDEX api_keys_by_age ON api_keys (create_time, id);
