-- Every statement that books balances by itself, so it is looked at once, and not once a row when the transaction ends.

CREATE FUNCTION check_booked_balance() RETURNS trigger
LANGUAGE plpgsql
AS $$
DECLARE
  unbalanced bigint;
BEGIN
  SELECT transaction_id INTO unbalanced FROM booked GROUP BY transaction_id, currency HAVING sum(amount) <> 0 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'ledger transaction % does not balance', unbalanced;
  END IF;
  RETURN NULL;
END
$$;

DROP TRIGGER ledger_balances ON ledger_entries;

DROP FUNCTION check_ledger_balance();

CREATE TRIGGER ledger_balances
AFTER INSERT ON ledger_entries
REFERENCING NEW TABLE AS booked
FOR EACH STATEMENT EXECUTE FUNCTION check_booked_balance();
