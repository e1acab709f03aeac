-- Who can be told, and what they chose. Numbers are for joins, indices and unsubscribe tokens; nobody outside sees them.

-- Sorts as messages overtake one another.
CREATE TYPE lane AS ENUM ('CRITICAL', 'BREAKING', 'ALERT', 'DIGEST', 'NEWSLETTER', 'BULK');

CREATE TABLE topics (
  id                   text        PRIMARY KEY,
  number               integer     NOT NULL UNIQUE GENERATED ALWAYS AS IDENTITY,
  display_names        jsonb       NOT NULL DEFAULT '{}',
  source               text        NOT NULL
                                   CHECK (source IN ('SECTION', 'TAG', 'AUTHOR', 'NEWSLETTER', 'BREAKING', 'SYSTEM')),
  source_resource      text        NOT NULL DEFAULT '',
  category             text        NOT NULL
                                   CHECK (category IN ('TRANSACTIONAL', 'ALERT', 'DIGEST', 'NEWSLETTER_ISSUE', 'CAMPAIGN')),
  required_entitlement text        NOT NULL DEFAULT '',
  lane                 lane        NOT NULL,
  default_expiry       interval    NOT NULL DEFAULT '4 hours' CHECK (default_expiry BETWEEN '1 minute' AND '7 days'),
  revision             bigint      NOT NULL DEFAULT 1,
  create_time          timestamptz NOT NULL DEFAULT db_now(),
  update_time          timestamptz NOT NULL DEFAULT db_now(),
  delete_time          timestamptz
);

INSERT INTO topics (id, display_names, source, category, lane)
VALUES ('breaking', '{"en": "Breaking news", "uk": "Термінові новини"}', 'BREAKING', 'ALERT', 'BREAKING');

-- A member's recipient has the member's ID. What members said elsewhere comes through memberships' feed.
CREATE TABLE recipients (
  number      bigint      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  id          text        NOT NULL UNIQUE,
  locale      text        NOT NULL DEFAULT '',
  time_zone   text        NOT NULL DEFAULT '',
  tiers       text[]      NOT NULL DEFAULT '{}',
  state       text        NOT NULL DEFAULT 'ACTIVE' CHECK (state IN ('ACTIVE', 'DELETED')),
  create_time timestamptz NOT NULL DEFAULT db_now(),
  update_time timestamptz NOT NULL DEFAULT db_now(),
  -- When memberships last spoke of the member: a rebuild removes whom the export did not name.
  seen_time   timestamptz NOT NULL DEFAULT db_now()
);

-- Where a recipient can be reached. A recipient without one, or with an address that mail cannot go to, has no row.
CREATE TABLE endpoints (
  number           bigint  PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  recipient_number bigint  NOT NULL REFERENCES recipients,
  id               text    NOT NULL,
  mailbox          text    NOT NULL,  -- The local part keeps its case.
  address_hash     bytea   NOT NULL,  -- SHA-256 of the address in its canonical form.
  -- Whether another endpoint has the same hash. Kept on writing, so that the fan-out needs to look for twins only where there are some.
  shares_address   boolean NOT NULL DEFAULT false,
  UNIQUE (recipient_number, id)
);

CREATE INDEX endpoints_by_address ON endpoints (address_hash);

CREATE TABLE subscriptions (
  topic_number     integer     NOT NULL REFERENCES topics (number),
  recipient_number bigint      NOT NULL REFERENCES recipients,
  state            text        NOT NULL CHECK (state IN ('PENDING', 'ACTIVE', 'UNSUBSCRIBED')),
  source           text        NOT NULL CHECK (source IN ('CONSENT', 'OWN_CHOICE', 'ONE_CLICK')),
  state_time       timestamptz NOT NULL,
  create_time      timestamptz NOT NULL,
  revision         bigint      NOT NULL DEFAULT 1,
  -- The fan-out walks a topic by recipient, and reads nothing but this index.
  PRIMARY KEY (topic_number, recipient_number) INCLUDE (state, create_time)
);

CREATE INDEX subscriptions_by_recipient ON subscriptions (recipient_number);

-- Addresses that nothing is sent to, by hash: what remains of an address after its owner is erased.
CREATE TABLE suppressions (
  address_hash bytea       PRIMARY KEY,
  reason       text        NOT NULL CHECK (reason IN ('HARD_BOUNCE', 'SOFT_BOUNCES', 'COMPLAINT', 'MANUAL', 'ERASED')),
  create_time  timestamptz NOT NULL DEFAULT db_now()
);
