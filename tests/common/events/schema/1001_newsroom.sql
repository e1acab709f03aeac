-- What the tests of events change and apply.
CREATE TABLE story (
  name     text   PRIMARY KEY,
  revision bigint NOT NULL
);

-- No key: an event that is applied twice shows.
CREATE TABLE effect (
  seq      bigint GENERATED ALWAYS AS IDENTITY,
  event_id text   NOT NULL,
  resource text   NOT NULL,
  revision bigint NOT NULL
);
