-- Tiers, and who has them.

CREATE TABLE tiers (
  id           text COLLATE "C" PRIMARY KEY,
  display_name text        NOT NULL,
  description  text        NOT NULL,
  benefits     text[]      NOT NULL,
  state        text        NOT NULL CHECK (state IN ('ACTIVE', 'ARCHIVED')),
  revision     bigint      NOT NULL,
  create_time  timestamptz NOT NULL,
  update_time  timestamptz NOT NULL
);

CREATE TABLE grants (
  member_id        text COLLATE "C" NOT NULL REFERENCES members,
  id               text COLLATE "C" NOT NULL,
  tier_id          text COLLATE "C" NOT NULL REFERENCES tiers,
  start_time       timestamptz NOT NULL,
  end_time         timestamptz CHECK (end_time > start_time),
  reason           text        NOT NULL,
  revision         bigint      NOT NULL,
  create_time      timestamptz NOT NULL,
  revoke_time      timestamptz,
  -- When time alone will next change what this grant gives; the row is the job of announcing that.
  next_change_time timestamptz CHECK (revoke_time IS NULL OR next_change_time IS NULL),
  PRIMARY KEY (member_id, id)
);

CREATE INDEX grants_by_age ON grants (member_id, create_time, id);

CREATE INDEX grants_due ON grants (next_change_time) WHERE next_change_time IS NOT NULL;
