-- Ledgerpay, the embedded payment provider. As if it were another house: nothing else reads these tables, and they refer to
-- none of ours. It knows us by the keys that we send along.

CREATE TABLE ledgerpay_checkouts (
  id             text COLLATE "C" PRIMARY KEY,      -- Unguessable: who knows it may pay.
  key            text COLLATE "C" NOT NULL UNIQUE,
  form_token     text        NOT NULL,              -- Shown by the page, and wanted back by it.
  reference      text COLLATE "C" NOT NULL UNIQUE,  -- What the buyer writes into a transfer.
  payment_key    text        NOT NULL,
  description    text        NOT NULL,
  currency       text        NOT NULL,
  amount         bigint      NOT NULL CHECK (amount >= 0),
  keep_method    boolean     NOT NULL,
  success_url    text        NOT NULL,
  cancel_url     text        NOT NULL,
  state          text        NOT NULL CHECK (state IN ('OPEN', 'COMPLETED', 'EXPIRED')),
  payment_method text        NOT NULL DEFAULT '',
  create_time    timestamptz NOT NULL,
  expire_time    timestamptz NOT NULL
);

CREATE INDEX ledgerpay_checkouts_due ON ledgerpay_checkouts (expire_time) WHERE state = 'OPEN';

-- What may be charged without the buyer: left on the page by one who chose a test method.
CREATE TABLE ledgerpay_methods (
  id          text COLLATE "C" PRIMARY KEY,
  test_method text        NOT NULL,
  create_time timestamptz NOT NULL
);

CREATE TABLE ledgerpay_charges (
  id             text COLLATE "C" PRIMARY KEY,
  key            text COLLATE "C" NOT NULL UNIQUE,
  checkout_id    text COLLATE "C" REFERENCES ledgerpay_checkouts,
  payment_method text        NOT NULL,     -- Empty for a bank transfer or cash.
  currency       text        NOT NULL,
  amount         bigint      NOT NULL CHECK (amount > 0),
  refunded       bigint      NOT NULL DEFAULT 0 CHECK (refunded BETWEEN 0 AND amount),
  state          text        NOT NULL CHECK (state IN ('SUCCEEDED', 'PROCESSING', 'REQUIRES_ACTION', 'FAILED')),
  decline_code   text        NOT NULL DEFAULT '',
  retryable      boolean     NOT NULL DEFAULT false,
  -- PROCESSING: when it ends by itself, well without a decline code and badly with one.
  due_time       timestamptz CHECK (state = 'PROCESSING' OR due_time IS NULL),
  create_time    timestamptz NOT NULL
);

CREATE UNIQUE INDEX ledgerpay_charges_by_checkout ON ledgerpay_charges (checkout_id) WHERE checkout_id IS NOT NULL;

CREATE INDEX ledgerpay_charges_due ON ledgerpay_charges (due_time) WHERE due_time IS NOT NULL;

CREATE TABLE ledgerpay_refunds (
  id          text COLLATE "C" PRIMARY KEY,
  key         text COLLATE "C" NOT NULL UNIQUE,
  charge_id   text COLLATE "C" NOT NULL REFERENCES ledgerpay_charges,
  amount      bigint      NOT NULL CHECK (amount > 0),
  create_time timestamptz NOT NULL
);

-- Requests that were lost on their way, once each: what a test method plays.
CREATE TABLE ledgerpay_lost_requests (
  key text COLLATE "C" PRIMARY KEY
);

-- What ledgerpay has to tell, and told. The row is the job of telling it.
CREATE TABLE ledgerpay_events (
  seq              bigint      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  xid              xid8        NOT NULL DEFAULT pg_current_xact_id(),  -- seq alone is not the order of commits.
  id               text COLLATE "C" NOT NULL UNIQUE,
  body             text        NOT NULL,   -- What is signed.
  attempts         integer     NOT NULL DEFAULT 0,
  create_time      timestamptz NOT NULL,
  next_action_time timestamptz             -- NULL: told, or given up.
);

CREATE INDEX ledgerpay_events_by_commit ON ledgerpay_events (xid, seq);

CREATE INDEX ledgerpay_events_due ON ledgerpay_events (next_action_time) WHERE next_action_time IS NOT NULL;
