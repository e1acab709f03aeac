-- Subscriptions that a provider's own engine bills, and the leave that erased members take of providers.

ALTER TABLE subscriptions
  ADD COLUMN external_ref      text NOT NULL DEFAULT '',  -- The provider's name for one that its own engine bills.
  ADD COLUMN external_ask_time timestamptz;               -- When the answer was asked for that it follows.

CREATE UNIQUE INDEX subscriptions_by_external_ref ON subscriptions (provider, external_ref) WHERE external_ref <> '';

-- Providers that are still to forget a member. The row is the job of telling them.
CREATE TABLE provider_erasures (
  member_id        text COLLATE "C" PRIMARY KEY,
  attempts         integer     NOT NULL DEFAULT 0,
  next_action_time timestamptz NOT NULL
);

CREATE INDEX provider_erasures_due ON provider_erasures (next_action_time);
