-- What came back of deliveries.

-- Bounces by what they say, beside `bounced`, which is the sum of them.
ALTER TABLE counters
  ADD COLUMN bounced_hard   bigint NOT NULL DEFAULT 0,
  ADD COLUMN bounced_soft   bigint NOT NULL DEFAULT 0,
  ADD COLUMN bounced_policy bigint NOT NULL DEFAULT 0;

-- Deliveries in a row that an address was unable to take. One that arrived ends the row.
CREATE TABLE soft_bounces (
  address_hash bytea       PRIMARY KEY,
  bounces      integer     NOT NULL,
  first_time   timestamptz NOT NULL
);

CREATE INDEX soft_bounces_by_time ON soft_bounces (first_time);

-- Events of mail providers that took effect, for providers repeat them.
CREATE TABLE provider_events (
  provider       text        NOT NULL,
  event_id       text        NOT NULL,
  message_number bigint      NOT NULL,
  seq            bigint      NOT NULL,
  time           timestamptz NOT NULL DEFAULT db_now(),
  PRIMARY KEY (provider, event_id)
);

CREATE INDEX provider_events_by_time ON provider_events (time);

-- Since when the endpoint has its address: what was sent before says nothing about that.
ALTER TABLE endpoints ADD COLUMN address_time timestamptz NOT NULL DEFAULT '-infinity';

CREATE FUNCTION note_address_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.address_time := db_now();
  RETURN NEW;
END $$;

CREATE TRIGGER endpoint_notes_address_time
  BEFORE UPDATE OF address_hash ON endpoints
  FOR EACH ROW WHEN (OLD.address_hash <> NEW.address_hash) EXECUTE FUNCTION note_address_time();
