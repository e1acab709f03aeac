-- Smarthosts that ask who we are; campaigns that leave by a route of their own, and tests that decide themselves.

ALTER TABLE routes
  ADD COLUMN smtp_user       text  NOT NULL DEFAULT '',
  ADD COLUMN sealed_password bytea NOT NULL DEFAULT '';  -- Under a key that is not in the database.

ALTER TABLE campaigns
  ADD COLUMN route                text        NOT NULL DEFAULT '',  -- Empty: the default one.
  ADD COLUMN metric               text        NOT NULL DEFAULT '' CHECK (metric IN ('', 'OPENS', 'CLICKS')),
  ADD COLUMN decide_after_seconds bigint      NOT NULL DEFAULT 0,
  ADD COLUMN decide_time          timestamptz;

CREATE INDEX campaigns_to_decide ON campaigns (decide_time) WHERE decide_time IS NOT NULL;
