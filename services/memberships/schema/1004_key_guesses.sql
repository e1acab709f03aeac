-- How far those who show wrong API keys are in debt. A fixed number of slots for each kind, chosen by a keyed hash of the key's ID or the
-- caller's network, so that no flood of guesses makes this grow.
CREATE TABLE key_guesses (
  kind          text        NOT NULL CHECK (kind IN ('KEY', 'NETWORK')),
  slot          integer     NOT NULL CHECK (slot BETWEEN 0 AND 65535),
  paid_off_time timestamptz NOT NULL,  -- Each wrong key moves it on; the past owes nothing.
  PRIMARY KEY (kind, slot)
);
