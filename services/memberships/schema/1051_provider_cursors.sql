-- How far the events that a provider lists were compared with those it told us of. The row's lock elects who compares.

CREATE TABLE provider_cursors (
  provider         text COLLATE "C" PRIMARY KEY,
  cursor           text        NOT NULL DEFAULT '',
  next_action_time timestamptz NOT NULL,
  lease_time       timestamptz
);
