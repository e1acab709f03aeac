-- What happened in this service, for others to follow: append-only, read in the order (xid, seq) below the snapshot horizon, so that nothing
-- that commits late is skipped. xid is that of the transaction, or a higher one that keeps the order of the resource's revisions.
CREATE TABLE event (
  xid         xid8        NOT NULL DEFAULT pg_current_xact_id(),
  seq         bigint      GENERATED ALWAYS AS IDENTITY,
  event_id    text        NOT NULL UNIQUE,
  type        text        NOT NULL,
  resource    text        NOT NULL,
  revision    bigint      NOT NULL,
  payload     bytea       NOT NULL,
  traceparent text        NOT NULL,
  time        timestamptz NOT NULL DEFAULT db_now(),
  PRIMARY KEY (xid, seq),
  UNIQUE (resource, revision, type)
);

-- Which feed this is, and up to where its events are no longer kept. A cursor of another epoch is refused.
CREATE TABLE feed_state (
  singleton   boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  epoch       uuid    NOT NULL DEFAULT gen_random_uuid(),
  trimmed_xid xid8    NOT NULL DEFAULT '0',
  trimmed_seq bigint  NOT NULL DEFAULT 0
);

INSERT INTO feed_state DEFAULT VALUES;

-- To be called once after this schema was restored from a dump, before the service starts: transaction ids of the server that was dumped mean
-- nothing on this one. seq keeps the order. Consumers hear EPOCH_CHANGED, rewind, and drop what they had.
CREATE FUNCTION feed_restart() RETURNS void
LANGUAGE sql
AS $$
  UPDATE event SET xid = pg_current_xact_id();
  UPDATE feed_state
  SET epoch = gen_random_uuid(),
      trimmed_xid = CASE WHEN trimmed_xid = '0' THEN '0' ELSE pg_current_xact_id() END,
      trimmed_seq = 0;
$$;
