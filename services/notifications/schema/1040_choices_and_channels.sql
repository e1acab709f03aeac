-- By which ways recipients are reached, what they chose about that, and messages beyond alerts.

CREATE TYPE channel AS ENUM ('EMAIL', 'WEB_PUSH', 'MOBILE_PUSH', 'SMS', 'WEBHOOK', 'INBOX');

-- An anonymous reader has no member behind it: memberships' feed never speaks of it.
ALTER TABLE recipients ADD COLUMN anonymous boolean NOT NULL DEFAULT false;

ALTER TABLE endpoints
  ADD COLUMN channel     channel     NOT NULL DEFAULT 'EMAIL',
  -- Only an ACTIVE endpoint is told anything.
  ADD COLUMN state       text        NOT NULL DEFAULT 'ACTIVE' CHECK (state IN ('PENDING', 'ACTIVE', 'EXPIRED')),
  -- Where it is, of every channel but EMAIL and INBOX: sealed under a key that is not in the database.
  ADD COLUMN target      bytea       NOT NULL DEFAULT '',
  ADD COLUMN expire_time timestamptz,
  ADD COLUMN revision    bigint      NOT NULL DEFAULT 1,
  ADD COLUMN create_time timestamptz NOT NULL DEFAULT db_now(),
  ADD COLUMN update_time timestamptz NOT NULL DEFAULT db_now(),
  -- Whether the recipient limits what it is told (see `preferences`). Kept on writing, so that the fan-out asks only about those who do.
  ADD COLUMN limited     boolean     NOT NULL DEFAULT false;

ALTER TABLE endpoints
  DROP CONSTRAINT endpoints_by_recipient,
  ADD CONSTRAINT endpoints_by_recipient UNIQUE (recipient_number, id) INCLUDE (number, channel, state, shares_address, suppressed, limited);

-- What a recipient chose about a topic, beyond following it.
ALTER TABLE subscriptions
  DROP CONSTRAINT subscriptions_source_check,
  ADD CONSTRAINT subscriptions_source_check CHECK (source IN ('CONSENT', 'OWN_CHOICE', 'ONE_CLICK', 'CONFIRMED', 'IMPORTED')),
  -- A set of channels, one bit each in the order of the type: EMAIL is 1, WEB_PUSH 2, MOBILE_PUSH 4, SMS 8, WEBHOOK 16, INBOX 32.
  ADD COLUMN channels smallint NOT NULL DEFAULT 1 CHECK (channels BETWEEN 1 AND 63),
  -- Whoever wants a digest gets no single messages of the topic.
  ADD COLUMN cadence  text     NOT NULL DEFAULT 'IMMEDIATE' CHECK (cadence IN ('IMMEDIATE', 'HOURLY', 'DAILY', 'WEEKLY')),
  ADD COLUMN cadence_minute smallint NOT NULL DEFAULT 0 CHECK (cadence_minute BETWEEN 0 AND 1439),  -- Of the recipient's day.
  ADD COLUMN cadence_day    smallint NOT NULL DEFAULT 0 CHECK (cadence_day BETWEEN 0 AND 7);        -- Of the week: Monday is 1; 0 for none.

-- The fan-out still reads nothing but this index.
ALTER TABLE subscriptions
  DROP CONSTRAINT subscriptions_pkey,
  ADD PRIMARY KEY (topic_number, recipient_number) INCLUDE (state, create_time, channels, cadence);

-- What a recipient chose about all topics. No row: nothing is limited.
CREATE TABLE preferences (
  recipient_number bigint      PRIMARY KEY REFERENCES recipients,
  muted_categories text[]      NOT NULL DEFAULT '{}',   -- Of topics: no messages of these.
  quiet_hours      jsonb       NOT NULL DEFAULT '[]',   -- [{"days": [1, 7], "start": "22:00", "end": "07:00"}], local wall time; Monday is 1.
  quiet_breaking   boolean     NOT NULL DEFAULT false,  -- Whether breaking news keeps quiet hours too.
  caps             jsonb       NOT NULL DEFAULT '[]',   -- [{"category": "ALERT", "limit": 3, "window_seconds": 86400}]; no category: of all.
  tracking         text        NOT NULL DEFAULT 'AGGREGATE' CHECK (tracking IN ('NONE', 'AGGREGATE', 'INDIVIDUAL')),
  revision         bigint      NOT NULL DEFAULT 1,
  create_time      timestamptz NOT NULL DEFAULT db_now(),
  update_time      timestamptz NOT NULL DEFAULT db_now()
);

-- What was handed over to a recipient who has caps; what is older than the longest cap is cleared away.
CREATE TABLE told (
  recipient_number bigint      NOT NULL,
  time             timestamptz NOT NULL,
  message_number   bigint      NOT NULL,
  category         text        NOT NULL,
  PRIMARY KEY (recipient_number, time, message_number)
);

ALTER TABLE suppressions
  DROP CONSTRAINT suppressions_reason_check,
  ADD CONSTRAINT suppressions_reason_check CHECK (reason IN ('HARD_BOUNCE', 'SOFT_BOUNCES', 'COMPLAINT', 'MANUAL', 'ERASED')),
  -- Receipts and sign-in links still go to an address that is suppressed for the rest.
  ADD COLUMN scope       text NOT NULL DEFAULT 'NON_TRANSACTIONAL' CHECK (scope IN ('ALL', 'NON_TRANSACTIONAL')),
  ADD COLUMN expire_time timestamptz;

-- What a message is made of. An alert's words stand in its row; those of others are `title` and values of its template.
ALTER TABLE messages
  ADD COLUMN source     text  NOT NULL DEFAULT 'ALERT' CHECK (source IN ('ALERT', 'CAMPAIGN', 'DIGEST', 'NOTICE', 'LETTER')),
  ADD COLUMN category   text  NOT NULL DEFAULT 'ALERT',
  ADD COLUMN channels   smallint NOT NULL DEFAULT 1 CHECK (channels BETWEEN 1 AND 63),  -- As subscriptions.channels.
  ADD COLUMN campaign   text  NOT NULL DEFAULT '',     -- The campaign's ID.
  ADD COLUMN template_values jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN route      text  NOT NULL DEFAULT '',     -- The route's ID; empty for the default.
  ADD COLUMN rate_per_minute integer NOT NULL DEFAULT 0 CHECK (rate_per_minute >= 0),  -- 0 for no limit of its own.
  DROP CONSTRAINT messages_state_check,
  ADD CONSTRAINT messages_state_check CHECK (state IN ('PREPARING', 'SENDING', 'PAUSED', 'FINISHED', 'CANCELLED', 'FAILED'));

UPDATE messages SET source = 'LETTER', category = 'TRANSACTIONAL' WHERE lane = 'CRITICAL';

-- Which of its recipients' followers are told, of messages that are not for all who follow one of the topics.
CREATE TABLE audiences (
  message_number bigint    PRIMARY KEY REFERENCES messages,
  all_topics     integer[] NOT NULL DEFAULT '{}',  -- Follows each of these.
  not_topics     integer[] NOT NULL DEFAULT '{}',  -- Follows none of these.
  tiers          text[]    NOT NULL DEFAULT '{}',  -- Holds one of these; empty for all.
  not_tiers      text[]    NOT NULL DEFAULT '{}',  -- Holds none of these.
  languages      text[]    NOT NULL DEFAULT '{}',  -- Reads one of these; empty for all.
  told_article   text      NOT NULL DEFAULT '',    -- Was told of this article, whatever was chosen since; then the topics say nothing.
  local_minute   smallint  NOT NULL DEFAULT -1 CHECK (local_minute BETWEEN -1 AND 1439),  -- Of each recipient's day; -1: at once.
  -- A sample: recipients fall into a thousand buckets by a hash of their number and the campaign; those from here up to, and without, there.
  first_bucket   smallint  NOT NULL DEFAULT 0,
  end_bucket     smallint  NOT NULL DEFAULT 1000,
  CHECK (0 <= first_bucket AND first_bucket < end_bucket AND end_bucket <= 1000)
);

-- A/B: which letter a part of the audience gets. A message without a row here has one variant, 0.
CREATE TABLE message_variants (
  message_number    bigint   NOT NULL REFERENCES messages,
  variant           smallint NOT NULL CHECK (variant BETWEEN 0 AND 9),
  weight            smallint NOT NULL CHECK (weight BETWEEN 0 AND 1000),  -- Per thousand of the audience.
  template          text     NOT NULL,
  template_revision integer  NOT NULL,
  template_values   jsonb    NOT NULL DEFAULT '{}',  -- Over those of the message.
  PRIMARY KEY (message_number, variant),
  FOREIGN KEY (template, template_revision) REFERENCES template_revisions
);

ALTER TABLE deliveries ADD COLUMN variant smallint NOT NULL DEFAULT 0;

ALTER TABLE counters
  ADD COLUMN delivered  bigint NOT NULL DEFAULT 0,
  ADD COLUMN bounced    bigint NOT NULL DEFAULT 0,
  ADD COLUMN complained bigint NOT NULL DEFAULT 0;

ALTER TYPE exclusion_reason ADD VALUE 'MUTED';
ALTER TYPE exclusion_reason ADD VALUE 'DIGESTED';
ALTER TYPE exclusion_reason ADD VALUE 'NO_CHANNEL';
