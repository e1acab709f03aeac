-- Audit rows may go when they are old. Young ones stay, whoever asks, and none is ever changed.
DROP TRIGGER audit_event_is_append_only ON audit_event;

CREATE TRIGGER audit_event_is_append_only
BEFORE UPDATE OR TRUNCATE ON audit_event
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit();

CREATE FUNCTION refuse_removal_of_young_audit() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  IF OLD.at > db_now() - interval '30 days' THEN
    RAISE insufficient_privilege USING MESSAGE = 'audit_event is kept for 30 days at least';
  END IF;
  RETURN OLD;
END $$;

CREATE TRIGGER audit_event_is_kept
BEFORE DELETE ON audit_event
FOR EACH ROW EXECUTE FUNCTION refuse_removal_of_young_audit();
