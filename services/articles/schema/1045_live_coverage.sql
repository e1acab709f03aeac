CREATE TABLE live_coverages (
  id            text        PRIMARY KEY,
  version       bigint      NOT NULL DEFAULT 1,
  headline      text        NOT NULL CHECK (headline <> ''),
  dek           text        NOT NULL,
  language_code text        NOT NULL,
  last_seq      bigint      NOT NULL DEFAULT 0,
  create_time   timestamptz NOT NULL DEFAULT db_now(),
  update_time   timestamptz NOT NULL DEFAULT db_now(),
  close_time    timestamptz
);

CREATE INDEX live_coverages_newest ON live_coverages (create_time DESC, id DESC);

-- `seq` is the number of the latest change: an edit gives the row another.
CREATE TABLE live_updates (
  coverage_id     text        NOT NULL REFERENCES live_coverages,
  id              text        NOT NULL,
  seq             bigint      NOT NULL,
  revision        bigint      NOT NULL DEFAULT 1,
  headline        text        NOT NULL,
  body            jsonb       NOT NULL,
  contributor_ids jsonb       NOT NULL,
  pinned          boolean     NOT NULL,
  deleted         boolean     NOT NULL DEFAULT false,
  create_time     timestamptz NOT NULL DEFAULT db_now(),
  update_time     timestamptz NOT NULL DEFAULT db_now(),
  PRIMARY KEY (coverage_id, id),
  UNIQUE (coverage_id, seq)
);

CREATE INDEX live_updates_shown ON live_updates (coverage_id, pinned DESC, create_time DESC, id DESC) WHERE NOT deleted;
