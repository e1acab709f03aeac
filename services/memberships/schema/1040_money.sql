-- What is sold, who bought it, what they owe and what they paid.
--
-- Amounts are integers of the currency's minor unit (ISO 4217). Locks are taken in this order: provider events, members, offers,
-- checkouts, subscriptions, invoices, payments, grants, ledger.

-- Never changed, but for being archived: a subscription keeps the terms it was bought under.
CREATE TABLE prices (
  id             text COLLATE "C" PRIMARY KEY,
  tier_id        text COLLATE "C" REFERENCES tiers,          -- NULL: a donation, which gives nothing.
  display_name   text        NOT NULL,
  currency       text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  amount         bigint      NOT NULL CHECK (amount BETWEEN 0 AND 99999999),  -- Of a period and a seat; what is suggested where the buyer decides.
  least_amount   bigint      CHECK (least_amount BETWEEN 1 AND 99999999),     -- Set: the buyer decides, from here...
  most_amount    bigint      CHECK (most_amount BETWEEN least_amount AND 99999999),  -- ...to here.
  interval_unit  text        CHECK (interval_unit IN ('WEEK', 'MONTH', 'YEAR')),     -- NULL: paid once, for good.
  interval_count integer     CHECK (interval_count BETWEEN 1 AND 36),
  trial_days     integer     NOT NULL DEFAULT 0 CHECK (trial_days BETWEEN 0 AND 730),
  least_seats    integer     NOT NULL DEFAULT 1 CHECK (least_seats >= 1),
  most_seats     integer     NOT NULL DEFAULT 1 CHECK (most_seats BETWEEN least_seats AND 10000),  -- Above 1: for groups.
  tax_basis_points integer   NOT NULL DEFAULT 0 CHECK (tax_basis_points BETWEEN 0 AND 10000),      -- On top of the amount.
  grace_days     integer     NOT NULL DEFAULT 21 CHECK (grace_days BETWEEN 0 AND 30),
  state          text        NOT NULL CHECK (state IN ('ACTIVE', 'ARCHIVED')),
  revision       bigint      NOT NULL,
  create_time    timestamptz NOT NULL,
  update_time    timestamptz NOT NULL,
  CHECK ((interval_unit IS NULL) = (interval_count IS NULL))
);

CREATE TABLE offers (
  id              text COLLATE "C" PRIMARY KEY,  -- The code that readers type.
  display_name    text        NOT NULL,
  kind            text        NOT NULL CHECK (kind IN ('PERCENT', 'AMOUNT', 'FREE_DAYS')),
  basis_points    integer     CHECK (basis_points BETWEEN 1 AND 10000),
  amount          bigint      CHECK (amount BETWEEN 1 AND 99999999),
  currency        text        CHECK (currency ~ '^[A-Z]{3}$'),
  free_days       integer     CHECK (free_days BETWEEN 1 AND 730),
  duration        text        NOT NULL CHECK (duration IN ('ONCE', 'REPEATING', 'FOREVER')),
  invoices        integer     CHECK (invoices BETWEEN 1 AND 120),   -- REPEATING: how many invoices, not months.
  occasion        text        NOT NULL CHECK (occasion IN ('SIGN_UP', 'RETENTION')),
  tier_ids        text[]      NOT NULL,          -- Empty: any.
  start_time      timestamptz,
  end_time        timestamptz CHECK (end_time > start_time),
  max_redemptions integer     CHECK (max_redemptions BETWEEN 1 AND 10000000),
  state           text        NOT NULL CHECK (state IN ('ACTIVE', 'ARCHIVED')),
  revision        bigint      NOT NULL,
  create_time     timestamptz NOT NULL,
  update_time     timestamptz NOT NULL,
  CHECK ((kind = 'PERCENT') = (basis_points IS NOT NULL)),
  CHECK ((kind = 'AMOUNT') = (amount IS NOT NULL AND currency IS NOT NULL)),
  CHECK ((kind = 'FREE_DAYS') = (free_days IS NOT NULL)),
  CHECK ((duration = 'REPEATING') = (invoices IS NOT NULL))
);

-- Who has or is about to have an offer. Counted under a lock on the offer.
CREATE TABLE offer_redemptions (
  offer_id    text COLLATE "C" NOT NULL REFERENCES offers,
  member_id   text COLLATE "C" NOT NULL,
  state       text        NOT NULL CHECK (state IN ('RESERVED', 'REDEEMED')),
  expire_time timestamptz CHECK ((state = 'RESERVED') = (expire_time IS NOT NULL)),  -- A reservation counts until then.
  PRIMARY KEY (offer_id, member_id)
);

CREATE TABLE subscriptions (
  id                   text COLLATE "C" PRIMARY KEY,
  member_id            text COLLATE "C" NOT NULL REFERENCES members,
  tier_id              text COLLATE "C" REFERENCES tiers,     -- NULL: a recurring donation.
  price_id             text COLLATE "C" NOT NULL REFERENCES prices,
  product_group        text        NOT NULL,                  -- One live subscription each: 'membership', or 'donation'.
  state                text        NOT NULL
                                   CHECK (state IN ('INCOMPLETE', 'TRIALING', 'ACTIVE', 'PAST_DUE', 'PAUSED', 'CANCELED', 'EXPIRED')),
  collection           text        NOT NULL CHECK (collection IN ('AUTOMATIC', 'MANUAL', 'EXTERNAL')),  -- EXTERNAL: the provider's engine bills.
  -- The terms, as bought.
  currency             text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  amount               bigint      NOT NULL CHECK (amount >= 0),  -- Of a period and a seat.
  seats                integer     NOT NULL DEFAULT 1 CHECK (seats BETWEEN 1 AND 10000),
  interval_unit        text        CHECK (interval_unit IN ('WEEK', 'MONTH', 'YEAR')),  -- NULL: for good.
  interval_count       integer,
  tax_basis_points     integer     NOT NULL,
  grace_days           integer     NOT NULL,
  time_zone            text        NOT NULL,                  -- Frozen: boundaries may neither overlap nor leave a hole.
  offer_id             text COLLATE "C" REFERENCES offers,
  offer_invoices_left  integer,                               -- NULL with an offer: for ever.
  lasting_discount     bigint      NOT NULL DEFAULT 0,        -- What an offer takes off every period for ever.
  -- Where it stands.
  anchor_time          timestamptz NOT NULL,
  anchor_index         bigint      NOT NULL DEFAULT 0,        -- Of the period that starts at the anchor.
  period_index         bigint      NOT NULL,
  period_start_time    timestamptz NOT NULL,
  period_end_time      timestamptz,                           -- NULL: for good.
  period_paid          boolean     NOT NULL DEFAULT false,    -- Or there was nothing to pay for it.
  trial_end_time       timestamptz,
  trial_reminded       boolean     NOT NULL DEFAULT false,
  access_end_time      timestamptz,                           -- Follows from the rest. NULL in a live state: for good.
  cancel_at_period_end boolean     NOT NULL DEFAULT false,
  cancel_reason        text        NOT NULL DEFAULT '',
  pending_price_id     text COLLATE "C" REFERENCES prices,    -- What it shall be later.
  pending_amount       bigint,
  pending_seats        integer,
  pending_invoice_id   text COLLATE "C",                      -- Once this is paid. NULL: from the next boundary on.
  pause_time           timestamptz,
  resume_time          timestamptz,
  dunning_attempts     integer     NOT NULL DEFAULT 0,        -- Charges for this period that failed.
  retry_time           timestamptz,                           -- When the next is made.
  end_time             timestamptz CHECK ((state IN ('CANCELED', 'EXPIRED')) = (end_time IS NOT NULL)),
  end_reason           text        NOT NULL DEFAULT '',
  keeps_paid_time      boolean     NOT NULL DEFAULT false,    -- CANCELED at once, but what is paid for may be read to its end.
  provider             text        NOT NULL,                  -- Empty where nothing is collected automatically.
  payment_method       text        NOT NULL DEFAULT '',       -- The provider's token.
  -- When time alone will next move it; the row is the job of doing that.
  next_action_time     timestamptz,
  revision             bigint      NOT NULL,
  event_revision       bigint      NOT NULL DEFAULT 0,
  create_time          timestamptz NOT NULL,
  update_time          timestamptz NOT NULL,
  CHECK ((interval_unit IS NULL) = (interval_count IS NULL)),
  CHECK ((pending_price_id IS NULL) = (pending_amount IS NULL) AND (pending_price_id IS NULL) = (pending_seats IS NULL))
);

-- A member is never charged twice for the same thing.
CREATE UNIQUE INDEX subscriptions_live ON subscriptions (member_id, product_group)
WHERE state IN ('TRIALING', 'ACTIVE', 'PAST_DUE', 'PAUSED');

CREATE INDEX subscriptions_by_member ON subscriptions (member_id, create_time, id);

CREATE INDEX subscriptions_due ON subscriptions (next_action_time) WHERE next_action_time IS NOT NULL;

CREATE INDEX subscriptions_by_method ON subscriptions (payment_method) WHERE payment_method <> '';

-- Every move of every subscription, for figures that never change afterwards.
CREATE TABLE subscription_changes (
  seq             bigint      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  subscription_id text COLLATE "C" NOT NULL REFERENCES subscriptions,
  member_id       text COLLATE "C" NOT NULL,
  event           text        NOT NULL,   -- What happened, as in the announced event's type after `subscription.`.
  state_before    text        NOT NULL,   -- Empty for a new one.
  state_after     text        NOT NULL,
  currency        text        NOT NULL,
  annual_before   bigint      NOT NULL,   -- What it brings in a year; 0 in trials, pauses and when it has ended.
  annual_after    bigint      NOT NULL,
  reason          text        NOT NULL DEFAULT '',
  change_time     timestamptz NOT NULL
);

CREATE INDEX subscription_changes_by_time ON subscription_changes (change_time, seq);

CREATE TRIGGER subscription_changes_are_append_only
BEFORE UPDATE OR DELETE ON subscription_changes
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE checkouts (
  id              text COLLATE "C" PRIMARY KEY,
  member_id       text COLLATE "C" NOT NULL REFERENCES members,
  kind            text        NOT NULL CHECK (kind IN ('SUBSCRIPTION', 'GIFT', 'DONATION', 'PAYMENT_METHOD')),
  state           text        NOT NULL CHECK (state IN ('OPEN', 'PROCESSING', 'COMPLETED', 'EXPIRED')),
  price_id        text COLLATE "C" REFERENCES prices,
  offer_id        text COLLATE "C" REFERENCES offers,
  currency        text        NOT NULL,
  amount          bigint      NOT NULL,     -- What is paid now, tax included; a payment of anything else is suspended.
  unit_amount     bigint      NOT NULL DEFAULT 0,  -- Of a period and a seat, before discount and tax.
  quantity        integer     NOT NULL DEFAULT 1 CHECK (quantity >= 1),  -- Of periods at once: a gift's.
  seats           integer     NOT NULL DEFAULT 1,
  details         jsonb       NOT NULL,     -- Of a gift: receiver, message, delivery; of a donation: campaign, message.
  attribution     jsonb       NOT NULL,     -- Where the buyer came from.
  subscription_id text COLLATE "C" REFERENCES subscriptions,
  invoice_id      text COLLATE "C",
  provider        text        NOT NULL,
  provider_ref    text        NOT NULL DEFAULT '',
  url             text        NOT NULL DEFAULT '',
  success_url     text        NOT NULL,
  cancel_url      text        NOT NULL,
  revision        bigint      NOT NULL,
  create_time     timestamptz NOT NULL,
  expire_time     timestamptz NOT NULL,
  complete_time   timestamptz
);

CREATE UNIQUE INDEX checkouts_by_provider_ref ON checkouts (provider, provider_ref) WHERE provider_ref <> '';

CREATE INDEX checkouts_by_member ON checkouts (member_id, create_time, id);

CREATE INDEX checkouts_due ON checkouts (expire_time) WHERE state IN ('OPEN', 'PROCESSING');

-- Gapless: an invoice takes its number with the lock on this row, as the last thing its transaction does (number_invoices).
CREATE TABLE invoice_numbers (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  last     bigint  NOT NULL
);

INSERT INTO invoice_numbers (last) VALUES (0);

CREATE TABLE invoices (
  id              text COLLATE "C" PRIMARY KEY,
  number          bigint      UNIQUE,       -- NULL until the transaction that issues it commits.
  member_id       text COLLATE "C" NOT NULL REFERENCES members,
  subscription_id text COLLATE "C" REFERENCES subscriptions,
  checkout_id     text COLLATE "C" REFERENCES checkouts,
  kind            text        NOT NULL CHECK (kind IN ('CYCLE', 'CHANGE', 'GIFT', 'DONATION', 'MANUAL')),
  period_index    bigint      CHECK ((kind = 'CYCLE') = (period_index IS NOT NULL)),
  currency        text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  subtotal        bigint      NOT NULL,
  discount        bigint      NOT NULL CHECK (discount >= 0),
  tax             bigint      NOT NULL,     -- Negative where credits exceed charges.
  total           bigint      NOT NULL CHECK (total = greatest(subtotal - discount + tax, 0)),
  credit_applied  bigint      NOT NULL DEFAULT 0 CHECK (credit_applied <= total),  -- Of the member's balance; negative: what was carried.
  paid            bigint      NOT NULL DEFAULT 0 CHECK (paid BETWEEN 0 AND total - credit_applied),
  refunded        bigint      NOT NULL DEFAULT 0 CHECK (refunded >= 0),   -- Lost disputes too.
  credited        bigint      NOT NULL DEFAULT 0 CHECK (credited >= 0),   -- Was put to the member's good again.
  state           text        NOT NULL CHECK (state IN ('OPEN', 'PAID', 'VOID', 'UNCOLLECTIBLE')),
  revenue_account text        NOT NULL,     -- Of the ledger.
  period_start_time timestamptz,
  period_end_time timestamptz,
  revision        bigint      NOT NULL,
  event_revision  bigint      NOT NULL DEFAULT 0,
  create_time     timestamptz NOT NULL,
  due_time        timestamptz NOT NULL,
  settle_time     timestamptz,
  CHECK (refunded + credited <= greatest(paid + credit_applied, 0))  -- Nothing is given back twice.
);

-- A period is billed once, whoever bills it and however often.
CREATE UNIQUE INDEX invoices_by_period ON invoices (subscription_id, period_index) WHERE kind = 'CYCLE';

CREATE INDEX invoices_without_number ON invoices (id) WHERE number IS NULL;

CREATE INDEX invoices_by_checkout ON invoices (checkout_id) WHERE checkout_id IS NOT NULL;

-- Runs as the transaction commits, so that nobody waits for the lock while somebody else computes. The first row's call
-- gives all of the transaction's invoices their numbers: invoices without one are seen by nobody else.
CREATE FUNCTION number_invoices() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  PERFORM FROM invoices WHERE id = NEW.id AND number IS NULL;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  WITH mine AS (
    SELECT id, row_number() OVER (ORDER BY id) AS place FROM invoices WHERE number IS NULL
  ), taken AS (
    UPDATE invoice_numbers SET last = last + (SELECT count(*) FROM mine) RETURNING last - (SELECT count(*) FROM mine) AS before
  )
  UPDATE invoices SET number = taken.before + mine.place FROM mine, taken WHERE invoices.id = mine.id;
  RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER invoices_are_numbered
AFTER INSERT ON invoices
DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION number_invoices();

CREATE INDEX invoices_by_member ON invoices (member_id, create_time, id);

CREATE INDEX invoices_by_subscription ON invoices (subscription_id) WHERE subscription_id IS NOT NULL;

CREATE TABLE invoice_lines (
  invoice_id  text COLLATE "C" NOT NULL REFERENCES invoices,
  line        smallint    NOT NULL,
  kind        text        NOT NULL CHECK (kind IN ('PERIOD', 'PRORATION_CREDIT', 'PRORATION_CHARGE', 'GIFT', 'DONATION')),
  description text        NOT NULL,
  quantity    integer     NOT NULL,
  amount      bigint      NOT NULL,      -- Negative for a credit.
  discount    bigint      NOT NULL,
  tax         bigint      NOT NULL,
  start_time  timestamptz,
  end_time    timestamptz,
  PRIMARY KEY (invoice_id, line)
);

-- An attempt to be paid. The row is there before the provider is asked, and its ID is the key under which it is asked.
CREATE TABLE payments (
  id               text COLLATE "C" PRIMARY KEY,
  invoice_id       text COLLATE "C" REFERENCES invoices,      -- NULL: a checkout's before it is settled, or suspended money.
  checkout_id      text COLLATE "C" REFERENCES checkouts CHECK ((kind = 'CHECKOUT') = (checkout_id IS NOT NULL)),
  attempt          integer     NOT NULL,
  member_id        text COLLATE "C" NOT NULL REFERENCES members,
  kind             text        NOT NULL CHECK (kind IN ('CHECKOUT', 'CHARGE', 'MANUAL')),
  state            text        NOT NULL
                               CHECK (state IN ('CREATED', 'PROCESSING', 'SUCCEEDED', 'FAILED', 'UNKNOWN')),
  provider         text        NOT NULL,
  provider_ref     text        NOT NULL DEFAULT '',
  payment_method   text        NOT NULL DEFAULT '',
  currency         text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  amount           bigint      NOT NULL CHECK (amount > 0),
  fee              bigint      NOT NULL DEFAULT 0,
  told_refunded    bigint      NOT NULL DEFAULT 0,            -- The total, as the provider told it.
  refunded         bigint      NOT NULL DEFAULT 0 CHECK (refunded BETWEEN 0 AND amount),  -- Whoever said so.
  suspended        boolean     NOT NULL DEFAULT false,        -- Not what was agreed, late or double: booked apart, and nothing begins.
  decline_code     text        NOT NULL DEFAULT '',
  retryable        boolean     NOT NULL DEFAULT false,
  reference        text        NOT NULL DEFAULT '',           -- MANUAL: of the transfer or the receipt.
  lookups          integer     NOT NULL DEFAULT 0,
  next_action_time timestamptz,                               -- CREATED: ask the provider; UNKNOWN: look it up.
  lease_time       timestamptz,                               -- Until when a worker has it.
  revision         bigint      NOT NULL,
  event_revision   bigint      NOT NULL DEFAULT 0,
  create_time      timestamptz NOT NULL,
  settle_time      timestamptz,
  UNIQUE (invoice_id, attempt)
);

CREATE UNIQUE INDEX payments_by_provider_ref ON payments (provider, provider_ref) WHERE provider_ref <> '';

-- What became of an attempt is known before the next is made.
CREATE UNIQUE INDEX payments_unresolved ON payments (invoice_id)
WHERE state IN ('CREATED', 'PROCESSING', 'UNKNOWN');

CREATE UNIQUE INDEX payments_by_checkout ON payments (checkout_id) WHERE checkout_id IS NOT NULL;

CREATE INDEX payments_by_member ON payments (member_id, create_time, id);

CREATE INDEX payments_due ON payments (next_action_time) WHERE next_action_time IS NOT NULL;

CREATE TABLE refunds (
  id               text COLLATE "C" PRIMARY KEY,
  payment_id       text COLLATE "C" NOT NULL REFERENCES payments,
  amount           bigint      NOT NULL CHECK (amount > 0),
  reason           text        NOT NULL,
  automatic        boolean     NOT NULL,      -- Late, double or lost in a race: ours to give back without being asked.
  revoke_access    boolean     NOT NULL,
  state            text        NOT NULL CHECK (state IN ('CREATED', 'PROCESSING', 'SUCCEEDED', 'FAILED', 'UNKNOWN')),
  provider_ref     text        NOT NULL DEFAULT '',
  failure          text        NOT NULL DEFAULT '',
  lookups          integer     NOT NULL DEFAULT 0,
  next_action_time timestamptz,
  lease_time       timestamptz,
  create_time      timestamptz NOT NULL,
  settle_time      timestamptz
);

CREATE INDEX refunds_by_payment ON refunds (payment_id);

CREATE INDEX refunds_due ON refunds (next_action_time) WHERE next_action_time IS NOT NULL;

CREATE TABLE disputes (
  id           text COLLATE "C" PRIMARY KEY,
  payment_id   text COLLATE "C" NOT NULL REFERENCES payments,
  provider     text        NOT NULL,
  provider_ref text        NOT NULL,
  amount       bigint      NOT NULL,
  fee          bigint      NOT NULL,
  state        text        NOT NULL CHECK (state IN ('OPEN', 'WON', 'LOST')),
  create_time  timestamptz NOT NULL,
  close_time   timestamptz,
  UNIQUE (provider, provider_ref)
);

CREATE INDEX disputes_by_payment ON disputes (payment_id);

CREATE TABLE ledger_transactions (
  id          bigint      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  kind        text        NOT NULL,
  member_id   text COLLATE "C" NOT NULL,   -- As it was: a merged or erased member's books stay where they are.
  invoice_id  text COLLATE "C",
  payment_id  text COLLATE "C",
  refund_id   text COLLATE "C",
  record_time timestamptz NOT NULL
);

CREATE INDEX ledger_transactions_by_member ON ledger_transactions (member_id, id);

CREATE INDEX ledger_transactions_by_time ON ledger_transactions (record_time, id);

-- Debits are positive and credits negative: the entries of a transaction sum up to nothing, in each currency.
CREATE TABLE ledger_entries (
  transaction_id bigint   NOT NULL REFERENCES ledger_transactions,
  line           smallint NOT NULL,
  account        text     NOT NULL CHECK (account IN ('CASH', 'RECEIVABLE', 'REVENUE_SUBSCRIPTION', 'REVENUE_DONATION', 'REVENUE_GIFT',
                                                      'MEMBER_CREDIT', 'FEES', 'TAX', 'DISPUTES', 'SUSPENSE', 'UNCOLLECTIBLE')),
  provider       text     NOT NULL DEFAULT '',   -- CASH and FEES: where it lies.
  currency       text     NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  amount         bigint   NOT NULL CHECK (amount <> 0),
  PRIMARY KEY (transaction_id, line)
);

CREATE TRIGGER ledger_transactions_are_append_only
BEFORE UPDATE OR DELETE ON ledger_transactions
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER ledger_entries_are_append_only
BEFORE UPDATE OR DELETE ON ledger_entries
FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- What the books say wrongly; no rows if they are right. The sums hold after every fault: each transaction balances, what
-- members owe is what their invoices say is due, and what was given back of an invoice was paid for it.
CREATE VIEW ledger_breaches AS
SELECT 'transaction does not balance' AS breach, transaction_id::text AS subject
FROM ledger_entries
GROUP BY transaction_id, currency
HAVING sum(amount) <> 0
UNION ALL
SELECT 'what is due is not what the ledger says', coalesce(owed.member_id, booked.member_id)
FROM (
  SELECT member_id, currency, sum(total - credit_applied - paid) AS amount
  FROM invoices
  WHERE state IN ('OPEN', 'PAID')
  GROUP BY member_id, currency
) owed
FULL JOIN (
  SELECT t.member_id, e.currency, sum(e.amount) AS amount
  FROM ledger_entries e
  JOIN ledger_transactions t ON t.id = e.transaction_id
  WHERE e.account = 'RECEIVABLE'
  GROUP BY t.member_id, e.currency
) booked USING (member_id, currency)
WHERE coalesce(owed.amount, 0) <> coalesce(booked.amount, 0)
UNION ALL
SELECT 'money is not where the payments say', coalesce(there.provider, booked.provider)
FROM (
  SELECT p.provider, p.currency,
         sum(p.amount - p.refunded - p.fee - coalesce(d.amount, 0)) AS amount
  FROM payments p
  LEFT JOIN (
    SELECT payment_id, sum(CASE WHEN state = 'WON' THEN fee ELSE amount + fee END) AS amount FROM disputes GROUP BY payment_id
  ) d ON d.payment_id = p.id
  WHERE p.state = 'SUCCEEDED'
  GROUP BY p.provider, p.currency
) there
FULL JOIN (
  SELECT provider, currency, sum(amount) AS amount FROM ledger_entries WHERE account = 'CASH' GROUP BY provider, currency
) booked USING (provider, currency)
WHERE coalesce(there.amount, 0) <> coalesce(booked.amount, 0)
UNION ALL
SELECT 'more than one payment is kept for an invoice', invoice_id
FROM payments
WHERE state = 'SUCCEEDED' AND NOT suspended AND invoice_id IS NOT NULL
GROUP BY invoice_id
HAVING count(*) > 1;

CREATE FUNCTION check_ledger_balance() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  IF EXISTS (SELECT FROM ledger_entries WHERE transaction_id = NEW.transaction_id GROUP BY currency HAVING sum(amount) <> 0) THEN
    RAISE EXCEPTION 'ledger transaction % does not balance', NEW.transaction_id;
  END IF;
  RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER ledger_balances
AFTER INSERT ON ledger_entries
DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION check_ledger_balance();

-- What providers told us, as they told it, before anything is done about it.
CREATE TABLE provider_events (
  id           text COLLATE "C" PRIMARY KEY,
  provider     text        NOT NULL,
  event_id     text        NOT NULL,
  type         text        NOT NULL,               -- The provider's word.
  object_refs  text[]      NOT NULL DEFAULT '{}',  -- What it is about: an event that brings one of these frees it.
  body         bytea       NOT NULL,
  state        text        NOT NULL CHECK (state IN ('APPLIED', 'DUPLICATE', 'PARKED', 'IGNORED', 'REJECTED')),
  detail       text        NOT NULL DEFAULT '',
  attempts     integer     NOT NULL DEFAULT 0,
  next_action_time timestamptz CHECK ((state = 'PARKED') = (next_action_time IS NOT NULL)),
  receive_time timestamptz NOT NULL,
  apply_time   timestamptz,
  UNIQUE (provider, event_id)
);

CREATE INDEX provider_events_due ON provider_events (next_action_time) WHERE next_action_time IS NOT NULL;

CREATE INDEX provider_events_by_time ON provider_events (provider, receive_time, id);

-- Which facts had their effect: two events may tell the same one.
CREATE TABLE provider_facts (
  provider   text COLLATE "C" NOT NULL,
  object_ref text COLLATE "C" NOT NULL,
  fact       text COLLATE "C" NOT NULL,   -- The kind, and what tells two of a kind apart, such as a refunded total.
  apply_time timestamptz NOT NULL,
  PRIMARY KEY (provider, object_ref, fact)
);

-- What gives a grant: a gift by staff, or something that was bought. NULL for grants that staff gave.
ALTER TABLE grants
  ADD COLUMN source text CHECK (source IN ('SUBSCRIPTION', 'GIFT', 'SEAT', 'INSTITUTION')),
  ADD COLUMN source_id text COLLATE "C",
  ADD CHECK ((source IS NULL) = (source_id IS NULL));

CREATE UNIQUE INDEX grants_by_source ON grants (member_id, source, source_id) WHERE source IS NOT NULL AND revoke_time IS NULL;
