-- What the fan-out asks of an endpoint follows what recipients and senders wrote, whoever writes there.

ALTER TABLE preferences
  ADD COLUMN limits boolean NOT NULL GENERATED ALWAYS AS (muted_categories <> '{}' OR quiet_hours <> '[]' OR caps <> '[]') STORED;

CREATE FUNCTION follow_preferences() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.limited := EXISTS (SELECT 1 FROM preferences WHERE recipient_number = NEW.recipient_number AND limits);
  RETURN NEW;
END $$;

CREATE TRIGGER endpoint_follows_preferences
  BEFORE INSERT ON endpoints
  FOR EACH ROW EXECUTE FUNCTION follow_preferences();

CREATE FUNCTION mark_limited_endpoints() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE endpoints
  SET limited = (TG_OP <> 'DELETE' AND NEW.limits)
  WHERE recipient_number = coalesce(NEW.recipient_number, OLD.recipient_number) AND limited <> (TG_OP <> 'DELETE' AND NEW.limits);
  RETURN NULL;
END $$;

CREATE TRIGGER preferences_mark_endpoints
  AFTER INSERT OR UPDATE OR DELETE ON preferences
  FOR EACH ROW EXECUTE FUNCTION mark_limited_endpoints();

-- A suppression that has run out says nothing; a worker takes its row away, and with it the mark.
CREATE OR REPLACE FUNCTION follow_suppressions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.suppressed := EXISTS (SELECT 1 FROM suppressions
                            WHERE address_hash = NEW.address_hash AND (expire_time IS NULL OR expire_time > db_now()));
  RETURN NEW;
END $$;

-- Both scopes keep messages of topics away; transactional letters ask for the scope when they are sent.
CREATE OR REPLACE FUNCTION mark_endpoints() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE endpoints e
  SET suppressed = (TG_OP <> 'DELETE' AND (changed.expire_time IS NULL OR changed.expire_time > db_now()))
  FROM changed
  WHERE e.address_hash = changed.address_hash
    AND e.suppressed <> (TG_OP <> 'DELETE' AND (changed.expire_time IS NULL OR changed.expire_time > db_now()));
  RETURN NULL;
END $$;

CREATE TRIGGER suppressions_mark_endpoints_again
  AFTER UPDATE ON suppressions REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION mark_endpoints();

CREATE INDEX suppressions_by_expiry ON suppressions (expire_time) WHERE expire_time IS NOT NULL;
ALTER TABLE suppressions ADD COLUMN revision bigint NOT NULL DEFAULT 1;
CREATE INDEX suppressions_by_time ON suppressions (create_time, address_hash);
CREATE INDEX endpoints_by_expiry ON endpoints (expire_time) WHERE expire_time IS NOT NULL AND state = 'ACTIVE';
CREATE INDEX told_by_time ON told (time);

UPDATE endpoints e SET limited = true FROM preferences p WHERE p.recipient_number = e.recipient_number AND p.limits AND NOT e.limited;
