-- Seats of subscriptions that were bought for groups, but for the owner's. The subscription is locked before a seat is taken, held or given
-- up, and before the member who sits on it.

CREATE TABLE seats (
  subscription_id text COLLATE "C" NOT NULL REFERENCES subscriptions,
  id              text COLLATE "C" NOT NULL,
  member_id       text COLLATE "C" REFERENCES members,  -- NULL: somebody is invited.
  is_manager      boolean     NOT NULL DEFAULT false,
  email_key       bytea       NOT NULL,  -- A keyed hash of the address, which is not kept.
  masked_email    text        NOT NULL,
  invitations     integer     NOT NULL DEFAULT 1,  -- Each has a code of its own; the last one counts.
  code_hash       bytea       UNIQUE CHECK (length(code_hash) = 32),  -- SHA-256; NULL once it is used.
  expire_time     timestamptz,
  take_time       timestamptz,
  revision        bigint      NOT NULL,
  create_time     timestamptz NOT NULL,
  PRIMARY KEY (subscription_id, id),
  CHECK ((member_id IS NULL) = (take_time IS NULL)),
  CHECK ((member_id IS NULL) = (code_hash IS NOT NULL AND expire_time IS NOT NULL))
);

CREATE UNIQUE INDEX seats_by_holder ON seats (subscription_id, member_id) WHERE member_id IS NOT NULL;

CREATE UNIQUE INDEX seats_by_invited ON seats (subscription_id, email_key) WHERE member_id IS NULL;

CREATE INDEX seats_by_member ON seats (member_id) WHERE member_id IS NOT NULL;
