-- What the newsroom asks for, what is given, and where those come from who join and pay.

CREATE TABLE campaigns (
  id            text COLLATE "C" PRIMARY KEY,
  display_name  text        NOT NULL,
  -- What readers are told: one entry of each array for each locale.
  text_locales  text[]      NOT NULL CHECK (cardinality(text_locales) BETWEEN 1 AND 20),
  text_headlines text[]     NOT NULL CHECK (cardinality(text_headlines) = cardinality(text_locales)),
  text_bodies   text[]      NOT NULL CHECK (cardinality(text_bodies) = cardinality(text_locales)),
  text_buttons  text[]      NOT NULL CHECK (cardinality(text_buttons) = cardinality(text_locales)),
  goal_currency text        CHECK (goal_currency ~ '^[A-Z]{3}$'),
  goal_amount   bigint      CHECK (goal_amount > 0),
  goal_members  bigint      CHECK (goal_members > 0),
  quote_text    text        NOT NULL,     -- Empty: no quote.
  quote_person  text        NOT NULL,
  quote_title   text        NOT NULL,
  quote_portrait_uri text   NOT NULL,
  start_time    timestamptz NOT NULL,
  end_time      timestamptz CHECK (end_time >= start_time),  -- Equal: called off before it began.
  revision      bigint      NOT NULL,
  create_time   timestamptz NOT NULL,
  update_time   timestamptz NOT NULL,
  CHECK ((goal_currency IS NULL) = (goal_amount IS NULL)),
  CHECK (goal_amount IS NULL OR goal_members IS NULL)
);

CREATE INDEX campaigns_by_start ON campaigns (start_time, id);

CREATE TABLE referral_links (
  code         text COLLATE "C" PRIMARY KEY,
  member_id    text COLLATE "C" REFERENCES members,  -- NULL: the newsroom's.
  display_name text        NOT NULL,
  landing_path text        NOT NULL,
  create_time  timestamptz NOT NULL
);

CREATE INDEX referral_links_by_member ON referral_links (member_id, code) WHERE member_id IS NOT NULL;

-- Where somebody came from who joined, or paid. Not about what was read: the article is the one that won somebody.
CREATE TABLE attributions (
  kind         text        NOT NULL CHECK (kind IN ('SIGN_UP', 'CHECKOUT')),
  subject_id   text COLLATE "C" NOT NULL,           -- The member's or the checkout's ID.
  member_id    text COLLATE "C" NOT NULL,
  campaign_id  text COLLATE "C" REFERENCES campaigns,  -- That ran at the time.
  referral_code text COLLATE "C" REFERENCES referral_links,
  utm_source   text        NOT NULL,
  utm_medium   text        NOT NULL,
  utm_campaign text        NOT NULL,
  utm_term     text        NOT NULL,
  utm_content  text        NOT NULL,
  referrer     text        NOT NULL,
  landing_path text        NOT NULL,
  article      text        NOT NULL,
  record_time  timestamptz NOT NULL,
  PRIMARY KEY (kind, subject_id)
);

CREATE INDEX attributions_by_time ON attributions (record_time);

CREATE INDEX attributions_by_member ON attributions (member_id, record_time);

CREATE INDEX attributions_by_campaign ON attributions (campaign_id, kind) WHERE campaign_id IS NOT NULL;

CREATE INDEX attributions_by_referral ON attributions (referral_code, kind) WHERE referral_code IS NOT NULL;

CREATE TABLE donations (
  payment_id     text COLLATE "C" PRIMARY KEY REFERENCES payments,
  member_id      text COLLATE "C" NOT NULL,
  campaign_id    text COLLATE "C" REFERENCES campaigns,
  currency       text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  amount         bigint      NOT NULL CHECK (amount > 0),
  message        text        NOT NULL,
  public_name    text        NOT NULL,
  anonymous      boolean     NOT NULL,
  receive_time   timestamptz NOT NULL,
  take_back_time timestamptz
);

CREATE INDEX donations_by_time ON donations (receive_time, payment_id);

CREATE INDEX donations_by_member ON donations (member_id, receive_time, payment_id);

CREATE INDEX donations_by_campaign ON donations (campaign_id, receive_time, payment_id) WHERE campaign_id IS NOT NULL;
