-- Messages, their fan-out, their deliveries. Locks are taken in this order: fanouts, messages, chunks, deliveries, counters.

CREATE TABLE messages (
  number            bigint      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  id                text        NOT NULL UNIQUE,
  dedupe_key        text        NOT NULL UNIQUE,
  state             text        NOT NULL CHECK (state IN ('PREPARING', 'SENDING', 'FINISHED', 'CANCELLED', 'FAILED')),
  lane              lane        NOT NULL,
  duplicate_policy  text        NOT NULL CHECK (duplicate_policy IN ('AT_MOST_ONCE', 'AT_LEAST_ONCE')),
  topics            integer[]   NOT NULL,  -- topics.number; an unsubscribe link leaves the first that reached the recipient.
  template          text        NOT NULL,
  template_revision integer     NOT NULL,
  article           text        NOT NULL,
  headline          text        NOT NULL,
  dek               text        NOT NULL,
  byline            text        NOT NULL,
  url               text        NOT NULL,
  contact_address   text        NOT NULL,
  language_code     text        NOT NULL,
  candidates        bigint      NOT NULL DEFAULT 0,
  deliveries        bigint      NOT NULL DEFAULT 0,
  exclusions        bigint      NOT NULL DEFAULT 0,
  create_time       timestamptz NOT NULL DEFAULT db_now(),
  expire_time       timestamptz NOT NULL,
  prepare_time      timestamptz,
  finish_time       timestamptz,
  failure           text        NOT NULL DEFAULT '',
  revision          bigint      NOT NULL DEFAULT 1,  -- Rises with every change of `state` that is announced.
  FOREIGN KEY (template, template_revision) REFERENCES template_revisions,
  CHECK (state IN ('CANCELLED', 'FAILED') OR candidates = deliveries + exclusions)
);

CREATE INDEX messages_by_article ON messages (article, number);

-- How far a PREPARING message's fan-out has come. The row is locked by whoever works on it, and goes away when it is done.
CREATE TABLE fanouts (
  message_number bigint  PRIMARY KEY REFERENCES messages,
  lane           lane    NOT NULL,
  topics         integer[] NOT NULL,
  watermark      bigint  NOT NULL DEFAULT 0,  -- Every recipient up to this number has a delivery or an exclusion.
  edge           bigint  NOT NULL,            -- The last recipient's number at the time the message was made.
  frozen_time    timestamptz NOT NULL,        -- When the message was made: who subscribed later is not in the audience.
  slices         integer NOT NULL DEFAULT 0,
  last_seq       bigint  NOT NULL DEFAULT 0,
  candidates     bigint  NOT NULL DEFAULT 0,
  deliveries     bigint  NOT NULL DEFAULT 0,
  exclusions     bigint  NOT NULL DEFAULT 0
);

CREATE TYPE delivery_state AS ENUM ('PENDING', 'DEFERRED', 'ATTEMPTING', 'SENT', 'DELIVERED', 'BOUNCED', 'COMPLAINED',
                                    'FAILED', 'EXPIRED', 'CANCELLED', 'UNCERTAIN');

-- Every candidate of a message has one `seq`, in exactly one of deliveries and exclusions. message_number rises with time and is part of every
-- key, so that the table can be partitioned by it.
CREATE TABLE deliveries (
  message_number   bigint         NOT NULL,
  seq              bigint         NOT NULL,
  recipient_number bigint         NOT NULL,
  endpoint_number  bigint         NOT NULL,
  topic_number     integer        NOT NULL,
  lease_epoch      integer        NOT NULL DEFAULT 0,
  state            delivery_state NOT NULL DEFAULT 'PENDING',
  attempts         smallint       NOT NULL DEFAULT 0,
  reason           text,
  retry_time       timestamptz,
  finish_time      timestamptz,
  PRIMARY KEY (message_number, seq),
  -- Whatever goes wrong, an endpoint gets a message once.
  UNIQUE (message_number, endpoint_number)
) WITH (fillfactor = 70);

CREATE TYPE exclusion_reason AS ENUM ('SUPPRESSED', 'UNSUBSCRIBED', 'CAP', 'NOT_ENTITLED', 'INVALID_ADDRESS', 'DUPLICATE_ADDRESS',
                                      'QUIET_HOURS_EXPIRED');

CREATE TABLE exclusions (
  message_number   bigint           NOT NULL,
  seq              bigint           NOT NULL,
  recipient_number bigint           NOT NULL,
  reason           exclusion_reason NOT NULL,
  PRIMARY KEY (message_number, seq)
);

-- A stretch of a message's deliveries that one sender leases at a time. Gone when each of them has an outcome.
CREATE TABLE chunks (
  message_number bigint      NOT NULL,
  chunk_no       bigint      NOT NULL,
  lane           lane        NOT NULL,
  first_seq      bigint      NOT NULL,
  last_seq       bigint      NOT NULL,
  -- When it may be leased: for a leased chunk, the end of the lease.
  due_time       timestamptz NOT NULL,
  leased         boolean     NOT NULL DEFAULT false,
  -- Rises with every lease; a sender whose lease was taken over finds another number and stops.
  epoch          integer     NOT NULL DEFAULT 0,
  PRIMARY KEY (message_number, chunk_no)
);

CREATE INDEX chunks_by_due_time ON chunks (lane, due_time);

-- What attempts met that did not end in SENT. Append only.
CREATE TABLE attempts (
  message_number bigint      NOT NULL,
  seq            bigint      NOT NULL,
  attempt        smallint    NOT NULL,
  time           timestamptz NOT NULL DEFAULT db_now(),
  smtp_code      integer     NOT NULL,
  enhanced_code  text        NOT NULL,
  text           text        NOT NULL,
  PRIMARY KEY (message_number, seq, attempt)
);

-- Deliveries with an outcome, by outcome; in several rows, so that senders of one message do not wait for one another.
CREATE TABLE counters (
  message_number bigint   NOT NULL,
  shard          smallint NOT NULL,
  sent           bigint   NOT NULL DEFAULT 0,
  failed         bigint   NOT NULL DEFAULT 0,
  expired        bigint   NOT NULL DEFAULT 0,
  cancelled      bigint   NOT NULL DEFAULT 0,
  uncertain      bigint   NOT NULL DEFAULT 0,
  PRIMARY KEY (message_number, shard)
);
