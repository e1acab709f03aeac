-- Gifts. A gift is locked after its giver and its receiver.

CREATE TABLE gifts (
  id              text COLLATE "C" PRIMARY KEY,
  giver_id        text COLLATE "C" NOT NULL REFERENCES members,
  receiver_id     text COLLATE "C" REFERENCES members,
  checkout_id     text COLLATE "C" NOT NULL UNIQUE REFERENCES checkouts,
  invoice_id      text COLLATE "C" NOT NULL,
  tier_id         text COLLATE "C" NOT NULL REFERENCES tiers,
  months          integer     NOT NULL CHECK (months BETWEEN 0 AND 120),  -- 0: for good.
  state           text        NOT NULL CHECK (state IN ('PURCHASED', 'SCHEDULED', 'DELIVERED', 'REDEEMED', 'EXPIRED', 'REFUNDED')),
  receiver_email  text        NOT NULL,  -- Forgotten when the gift is over.
  receiver_name   text        NOT NULL,
  giver_name      text        NOT NULL,
  message         text        NOT NULL,
  locale          text        NOT NULL,
  delivery_date   text        NOT NULL,  -- ISO 8601; empty: at once.
  deliveries      integer     NOT NULL DEFAULT 0,  -- Each has a code of its own; the last one counts.
  code_hash       bytea       UNIQUE CHECK (length(code_hash) = 32),  -- SHA-256; the code itself is not kept.
  reminded        boolean     NOT NULL DEFAULT false,  -- In this state.
  deliver_time    timestamptz,
  claim_end_time  timestamptz NOT NULL,
  redeem_time     timestamptz,
  time_zone       text        NOT NULL DEFAULT '',  -- The receiver's when it was redeemed.
  start_time      timestamptz,
  end_time        timestamptz CHECK (end_time > start_time),
  revision        bigint      NOT NULL,
  create_time     timestamptz NOT NULL,
  -- When time alone will next do something; the row is the job of doing it.
  next_action_time timestamptz,
  CHECK ((state = 'REDEEMED') <= (receiver_id IS NOT NULL AND redeem_time IS NOT NULL AND start_time IS NOT NULL))
);

CREATE INDEX gifts_by_age ON gifts (create_time, id);

CREATE INDEX gifts_by_giver ON gifts (giver_id, create_time, id);

CREATE INDEX gifts_by_receiver ON gifts (receiver_id, create_time, id) WHERE receiver_id IS NOT NULL;

CREATE INDEX gifts_due ON gifts (next_action_time) WHERE next_action_time IS NOT NULL;
