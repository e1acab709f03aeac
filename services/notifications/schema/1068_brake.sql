-- What had become of a message's deliveries when it was last let go on: the brake looks at what has come since.
ALTER TABLE messages
  ADD COLUMN resumed_sent       bigint NOT NULL DEFAULT 0,  -- And delivered, and uncertain.
  ADD COLUMN resumed_failed     bigint NOT NULL DEFAULT 0,
  ADD COLUMN resumed_bounced    bigint NOT NULL DEFAULT 0,
  ADD COLUMN resumed_complained bigint NOT NULL DEFAULT 0;
