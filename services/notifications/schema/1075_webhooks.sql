-- Other people's systems that are told what happens here.

CREATE TABLE webhook_endpoints (
  number             bigint      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  id                 text        NOT NULL UNIQUE,
  display_name       text        NOT NULL,
  url                text        NOT NULL,
  event_types        text[]      NOT NULL,  -- `*` for all.
  -- What calls are signed with: sealed under a key that is not in the database.
  secret             bytea       NOT NULL,
  former_secret      bytea       NOT NULL DEFAULT '',
  former_expire_time timestamptz,
  state              text        NOT NULL DEFAULT 'ACTIVE' CHECK (state IN ('ACTIVE', 'DISABLED')),
  disabled_reason    text        NOT NULL DEFAULT '' CHECK (disabled_reason IN ('', 'MANUAL', 'GONE', 'FAILING')),
  -- The circuit breaker: failures in a row, since when, and until when the endpoint is let alone.
  failures           integer     NOT NULL DEFAULT 0,
  failing_since_time timestamptz,
  retry_time         timestamptz,
  -- One sender at a time tells it events. The epoch rises with every lease: who was overtaken records nothing more.
  lease_time         timestamptz NOT NULL DEFAULT '-infinity',
  lease_epoch        integer     NOT NULL DEFAULT 0,
  revision           bigint      NOT NULL DEFAULT 1,
  create_time        timestamptz NOT NULL DEFAULT db_now(),
  update_time        timestamptz NOT NULL DEFAULT db_now(),
  CHECK ((state = 'DISABLED') = (disabled_reason <> ''))
);

CREATE INDEX webhook_endpoints_by_time ON webhook_endpoints (create_time, id);

-- An event for an endpoint. Its number is its place in the log.
CREATE TABLE webhook_events (
  number          bigint      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  endpoint_number bigint      NOT NULL REFERENCES webhook_endpoints ON DELETE CASCADE,
  webhook_id      text        NOT NULL,
  type            text        NOT NULL,
  body            text        NOT NULL,  -- The very bytes that are sent.
  -- A test: sent once, whatever the endpoint's state.
  test            boolean     NOT NULL DEFAULT false,
  -- HELD: the endpoint was disabled. A replay makes it PENDING.
  state           text        NOT NULL CHECK (state IN ('PENDING', 'HEARD', 'GIVEN_UP', 'HELD')),
  attempts        integer     NOT NULL DEFAULT 0,
  due_time        timestamptz NOT NULL DEFAULT db_now(),
  event_time      timestamptz NOT NULL,
  create_time     timestamptz NOT NULL DEFAULT db_now(),
  UNIQUE (endpoint_number, webhook_id)
);

CREATE INDEX webhook_events_due ON webhook_events (endpoint_number, due_time) WHERE state = 'PENDING';
CREATE INDEX webhook_events_by_event_time ON webhook_events (endpoint_number, event_time);
CREATE INDEX webhook_events_by_create_time ON webhook_events (create_time);

CREATE TABLE webhook_attempts (
  number          bigint      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  endpoint_number bigint      NOT NULL REFERENCES webhook_endpoints ON DELETE CASCADE,
  event_number    bigint      NOT NULL REFERENCES webhook_events ON DELETE CASCADE,
  attempt         integer     NOT NULL,
  status          integer     NOT NULL,  -- HTTP's; 0 for no answer.
  text            text        NOT NULL,
  outcome         text        NOT NULL CHECK (outcome IN ('HEARD', 'PUT_OFF', 'GIVEN_UP')),
  time            timestamptz NOT NULL DEFAULT db_now()
);

CREATE INDEX webhook_attempts_by_endpoint ON webhook_attempts (endpoint_number, number);
CREATE INDEX webhook_attempts_by_event ON webhook_attempts (event_number);

-- How far the feed of events was read for webhooks.
CREATE TABLE webhook_cursor (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  cursor    text    NOT NULL DEFAULT ''
);

INSERT INTO webhook_cursor DEFAULT VALUES;
