-- Inboxes: a log of each recipient's own, without gaps, that streams resume at any entry. An entry is an item or a change of items.

-- Whoever adds to a recipient's log locks its head first: entries are numbered in the order of their commits.
CREATE TABLE inbox_heads (
  recipient_number bigint PRIMARY KEY REFERENCES recipients,
  seq              bigint NOT NULL DEFAULT 0,  -- Of the newest entry; 0 for none.
  first_seq        bigint NOT NULL DEFAULT 1,  -- Every entry from here on is kept.
  unread           bigint NOT NULL DEFAULT 0,  -- Items that are neither read nor archived, as of `seq`.
  unseen           bigint NOT NULL DEFAULT 0   -- Those of them that were not seen either.
) WITH (fillfactor = 70);

CREATE TABLE inbox_items (
  recipient_number bigint      NOT NULL,
  seq              bigint      NOT NULL,
  id               text        NOT NULL,  -- Of the message.
  title            text        NOT NULL,
  body             text        NOT NULL,
  link             text        NOT NULL,
  article          text        NOT NULL,
  severity         text        NOT NULL CHECK (severity IN ('NORMAL', 'BREAKING')),
  create_time      timestamptz NOT NULL DEFAULT db_now(),
  seen_time        timestamptz,
  read_time        timestamptz CHECK (read_time IS NULL OR seen_time IS NOT NULL),
  archive_time     timestamptz,
  PRIMARY KEY (recipient_number, seq),
  UNIQUE (recipient_number, id)
);

CREATE INDEX inbox_items_unread ON inbox_items (recipient_number, seq) WHERE read_time IS NULL AND archive_time IS NULL;

CREATE INDEX inbox_items_by_age ON inbox_items (create_time);

CREATE TABLE inbox_changes (
  recipient_number bigint NOT NULL,
  seq              bigint NOT NULL,
  kind             text   NOT NULL CHECK (kind IN ('SEEN', 'READ', 'UNREAD', 'ARCHIVED', 'UNARCHIVED', 'EXPIRED')),
  up_to_seq        bigint NOT NULL,             -- All items up to this one; 0 if it is about `items`.
  items            text[] NOT NULL DEFAULT '{}',
  PRIMARY KEY (recipient_number, seq)
);
