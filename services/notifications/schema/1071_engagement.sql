-- What readers did with letters, as far as they let us know.

CREATE TABLE engagement_counts (
  message_number bigint   NOT NULL,
  variant        smallint NOT NULL,
  opens          bigint   NOT NULL DEFAULT 0,  -- By people, as far as can be told.
  machine_opens  bigint   NOT NULL DEFAULT 0,
  clicks         bigint   NOT NULL DEFAULT 0,
  machine_clicks bigint   NOT NULL DEFAULT 0,
  openers        bigint   NOT NULL DEFAULT 0,  -- Deliveries of `delivery_engagements` with one at least.
  clickers       bigint   NOT NULL DEFAULT 0,
  PRIMARY KEY (message_number, variant)
) WITH (fillfactor = 50);

CREATE TABLE link_clicks (
  message_number bigint NOT NULL,
  url_hash       bytea  NOT NULL,  -- SHA-256: addresses are too long for an index.
  url            text   NOT NULL,
  clicks         bigint NOT NULL DEFAULT 0,
  machine_clicks bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (message_number, url_hash)
) WITH (fillfactor = 70);

-- Only of recipients who let us know each for oneself.
CREATE TABLE delivery_engagements (
  message_number bigint NOT NULL,
  seq            bigint NOT NULL,
  recipient_number bigint NOT NULL,
  opens          bigint NOT NULL,
  machine_opens  bigint NOT NULL,
  clicks         bigint NOT NULL,
  machine_clicks bigint NOT NULL,
  open_time      timestamptz,  -- The first.
  click_time     timestamptz,
  PRIMARY KEY (message_number, seq)
) WITH (fillfactor = 70);

CREATE INDEX delivery_engagements_by_recipient ON delivery_engagements (recipient_number);

-- Who no longer lets us know, or is erased, takes back what we knew; sums stay, for they name nobody.
CREATE FUNCTION forget_engagements() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM delivery_engagements WHERE recipient_number = OLD.recipient_number;
  RETURN NULL;
END $$;

CREATE TRIGGER preferences_forget_engagements
  AFTER UPDATE OF tracking ON preferences
  FOR EACH ROW WHEN (OLD.tracking = 'INDIVIDUAL' AND NEW.tracking <> 'INDIVIDUAL') EXECUTE FUNCTION forget_engagements();

CREATE TRIGGER erasures_forget_engagements
  AFTER DELETE ON preferences
  FOR EACH ROW WHEN (OLD.tracking = 'INDIVIDUAL') EXECUTE FUNCTION forget_engagements();

-- Departures by a link in the message.
ALTER TABLE counters ADD COLUMN unsubscribed bigint NOT NULL DEFAULT 0;
