-- What a caller's repetition of a change is answered with. Kept for 24 hours.
CREATE TABLE idempotency (
  principal    text        NOT NULL,
  method       text        NOT NULL,
  request_id   uuid        NOT NULL,
  request_hash bytea       NOT NULL,
  response     bytea,      -- NULL only until the transaction that claimed the row ends.
  create_time  timestamptz NOT NULL DEFAULT db_now(),
  PRIMARY KEY (principal, method, request_id)
);

CREATE INDEX idempotency_by_create_time ON idempotency (create_time);

-- Who changed what, when and from where. Grows with every change; nothing is ever changed or removed here.
CREATE TABLE audit_event (
  seq             bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at              timestamptz NOT NULL DEFAULT now(),
  principal       text        NOT NULL,  -- Empty for an anonymous caller.
  kind            text        NOT NULL CHECK (kind IN ('ANONYMOUS', 'MEMBER', 'STAFF', 'BACKEND', 'SERVICE')),
  method          text        NOT NULL,
  resource        text        NOT NULL,
  request_id      uuid        NOT NULL,
  peer            text        NOT NULL,
  revision_before bigint      NOT NULL,
  revision_after  bigint      NOT NULL,
  traceparent     text
);

CREATE INDEX audit_event_by_resource ON audit_event (resource, seq);

CREATE FUNCTION refuse_change_of_audit() RETURNS trigger
LANGUAGE plpgsql
AS $$ BEGIN RAISE insufficient_privilege USING MESSAGE = 'audit_event is append-only'; END $$;

CREATE TRIGGER audit_event_is_append_only
BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit();
