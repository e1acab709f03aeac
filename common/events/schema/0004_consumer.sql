-- How far we have followed each source. The row's lock makes one replica at a time apply; the lease keeps the others from holding a stream
-- for nothing.
CREATE TABLE feed_cursor (
  source      text        PRIMARY KEY,
  cursor      text        NOT NULL DEFAULT '',
  update_time timestamptz NOT NULL DEFAULT db_now(),
  owner       text        NOT NULL DEFAULT '',
  lease_time  timestamptz NOT NULL DEFAULT '-infinity'
);

-- What was applied. Outlives the events of any source, so that a consumer can rewind as far as a source remembers.
CREATE TABLE inbox (
  source     text        NOT NULL,
  event_id   text        NOT NULL,
  apply_time timestamptz NOT NULL DEFAULT db_now(),
  PRIMARY KEY (source, event_id)
);

CREATE INDEX inbox_by_time ON inbox USING brin (apply_time);

-- Tries at events that are not applied yet, written before each try: one that kills the process counts too.
CREATE TABLE event_attempt (
  source     text   NOT NULL,
  event_id   text   NOT NULL,
  attempts   int    NOT NULL,
  last_error text   NOT NULL DEFAULT '',
  PRIMARY KEY (source, event_id)
);

-- Events that could not be applied, and later ones of the same resource behind them, in the order they came.
CREATE TABLE parked_event (
  source      text        NOT NULL,
  event_id    text        NOT NULL,
  seq         bigint      GENERATED ALWAYS AS IDENTITY,
  resource    text        NOT NULL,
  type        text        NOT NULL,
  revision    bigint      NOT NULL,
  event_time  timestamptz NOT NULL,
  traceparent text        NOT NULL,
  payload     bytea       NOT NULL,
  attempts    int         NOT NULL,
  last_error  text        NOT NULL,
  park_time   timestamptz NOT NULL DEFAULT db_now(),
  PRIMARY KEY (source, event_id)
);

CREATE INDEX parked_event_by_resource ON parked_event (source, resource);
