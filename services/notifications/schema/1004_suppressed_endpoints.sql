-- What the fan-out asks of an endpoint stands in one index: it reads neither the endpoint's row nor the suppressions, a million times a message.

-- Whether the address is suppressed. Follows `suppressions`, by the triggers below, whoever writes there. Of two writers at the same moment neither may
-- see the other; so this only saves deliveries that would be called off, and senders look at `suppressions` itself.
ALTER TABLE endpoints ADD COLUMN suppressed boolean NOT NULL DEFAULT false;

CREATE FUNCTION follow_suppressions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.suppressed := EXISTS (SELECT 1 FROM suppressions WHERE address_hash = NEW.address_hash);
  RETURN NEW;
END $$;

CREATE TRIGGER endpoint_follows_suppressions
  BEFORE INSERT OR UPDATE OF address_hash ON endpoints
  FOR EACH ROW EXECUTE FUNCTION follow_suppressions();

CREATE FUNCTION mark_endpoints() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE endpoints e
  SET suppressed = (TG_OP = 'INSERT')
  FROM changed
  WHERE e.address_hash = changed.address_hash AND e.suppressed <> (TG_OP = 'INSERT');
  RETURN NULL;
END $$;

CREATE TRIGGER suppressions_mark_endpoints
  AFTER INSERT ON suppressions REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION mark_endpoints();

CREATE TRIGGER suppressions_unmark_endpoints
  AFTER DELETE ON suppressions REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION mark_endpoints();

UPDATE endpoints e SET suppressed = true FROM suppressions x WHERE x.address_hash = e.address_hash;

ALTER TABLE endpoints
  DROP CONSTRAINT endpoints_recipient_number_id_key,
  ADD CONSTRAINT endpoints_by_recipient UNIQUE (recipient_number, id) INCLUDE (number, shares_address, suppressed);
