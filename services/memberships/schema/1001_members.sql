-- Members, what they agreed to be told, and how many there are.
--
-- Locks are taken in this order: members, tiers, grants, member_counter_shards.

-- What is personal is sealed with a key of the member's own, which is itself wrapped by a key that is not in the database.
CREATE TABLE members (
  id                text COLLATE "C" PRIMARY KEY,
  wrapped_key       bytea,                -- NULL: gone, and with it what it sealed.
  person            bytea,                -- Address, name, note, custom fields: sealed.
  address_index     bytea CHECK (octet_length(address_index) = 32),  -- A keyed digest of the address in its normal form.
  address_domain    text        NOT NULL,
  email_verify_time timestamptz,
  email_domain      text        GENERATED ALWAYS AS (CASE WHEN email_verify_time IS NOT NULL THEN address_domain END) STORED,
  locale            text        NOT NULL,
  time_zone         text        NOT NULL,
  labels            jsonb       NOT NULL,
  state             text        NOT NULL CHECK (state IN ('ACTIVE', 'DELETED', 'MERGED', 'ERASED')),
  merged_into       text COLLATE "C" REFERENCES members CHECK ((state = 'MERGED') = (merged_into IS NOT NULL)),
  revision          bigint      NOT NULL,            -- The etag.
  event_revision    bigint      NOT NULL DEFAULT 0,  -- Counts the events about this member.
  create_time       timestamptz NOT NULL,
  update_time       timestamptz NOT NULL,
  delete_time       timestamptz CHECK ((state <> 'ACTIVE') = (delete_time IS NOT NULL)),
  CHECK ((wrapped_key IS NOT NULL) = (state IN ('ACTIVE', 'DELETED'))),
  CHECK ((person IS NOT NULL) = (wrapped_key IS NOT NULL)),
  CHECK (address_index IS NOT NULL OR state IN ('MERGED', 'ERASED'))
);

CREATE UNIQUE INDEX members_email ON members (address_index) WHERE state = 'ACTIVE';

CREATE INDEX members_by_age ON members (create_time, id) WHERE state = 'ACTIVE';

-- The latest word of each member on each topic.
CREATE TABLE consents (
  member_id    text COLLATE "C" NOT NULL REFERENCES members,
  topic_id     text COLLATE "C" NOT NULL,
  granted      boolean     NOT NULL,
  source       text        NOT NULL,
  text_version text        NOT NULL,
  revision     bigint      NOT NULL,
  record_time  timestamptz NOT NULL,
  PRIMARY KEY (member_id, topic_id)
);

-- Every word, for the proof that consent was given (GDPR article 7.1).
CREATE TABLE consent_history (
  member_id    text COLLATE "C" NOT NULL REFERENCES members,
  topic_id     text COLLATE "C" NOT NULL,
  revision     bigint      NOT NULL,
  granted      boolean     NOT NULL,
  source       text        NOT NULL,
  text_version text        NOT NULL,
  principal    text        NOT NULL,  -- Who recorded it: a resource name.
  record_time  timestamptz NOT NULL,
  PRIMARY KEY (member_id, topic_id, revision)
);

CREATE FUNCTION refuse_change() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END
$$;

CREATE TRIGGER consent_history_is_append_only
BEFORE UPDATE OR DELETE ON consent_history
FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- The number of active members is the sum. Spread over rows, because one row would make sign-ups wait for one another.
CREATE TABLE member_counter_shards (
  shard   smallint PRIMARY KEY,
  members bigint   NOT NULL
);

INSERT INTO member_counter_shards
SELECT shard, 0 FROM generate_series(0, 15) AS shard;

CREATE TABLE milestones (
  members    bigint      PRIMARY KEY,
  reach_time timestamptz NOT NULL
);
