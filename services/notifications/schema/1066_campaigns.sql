-- What editors plan to send. What a campaign has made stands in `messages`, under its ID.

CREATE TABLE campaigns (
  number            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id                text        NOT NULL UNIQUE,
  title             text        NOT NULL,
  headline          text        NOT NULL DEFAULT '',
  dek               text        NOT NULL DEFAULT '',
  byline            text        NOT NULL DEFAULT '',
  url               text        NOT NULL DEFAULT '',
  contact_address   text        NOT NULL DEFAULT '',
  articles          text[]      NOT NULL DEFAULT '{}',  -- `articles/{article}`, in order.
  template          text        NOT NULL,
  template_revision integer     NOT NULL DEFAULT 0,     -- 0: the newest at the start.
  template_values   jsonb       NOT NULL DEFAULT '{}',
  topics            text[]      NOT NULL CHECK (cardinality(topics) > 0),  -- IDs, as all that follows; the rest is as in `audiences`.
  all_topics        text[]      NOT NULL DEFAULT '{}',
  not_topics        text[]      NOT NULL DEFAULT '{}',
  tiers             text[]      NOT NULL DEFAULT '{}',
  not_tiers         text[]      NOT NULL DEFAULT '{}',
  languages         text[]      NOT NULL DEFAULT '{}',
  channels          smallint    NOT NULL DEFAULT 1 CHECK (channels BETWEEN 1 AND 63),
  local_minute      smallint    NOT NULL DEFAULT -1 CHECK (local_minute BETWEEN -1 AND 1439),
  rate_per_minute   integer     NOT NULL DEFAULT 0 CHECK (rate_per_minute >= 0),
  expiry_seconds    integer     NOT NULL DEFAULT 0 CHECK (expiry_seconds >= 0),  -- 0: that of the first topic.
  variants          jsonb       NOT NULL DEFAULT '[]',  -- [{"template": "appeal", "revision": 0, "values": {}, "weight": 1}]; empty: no test.
  sample_per_mille  smallint    NOT NULL DEFAULT 1000 CHECK (sample_per_mille BETWEEN 1 AND 1000),
  -- What it has come to beyond STARTED is told by its messages.
  state             text        NOT NULL DEFAULT 'DRAFT' CHECK (state IN ('DRAFT', 'SCHEDULED', 'STARTED', 'CANCELLED', 'FAILED')),
  start_time        timestamptz,
  latest_start_time timestamptz,
  failure           text        NOT NULL DEFAULT '',
  revision          bigint      NOT NULL DEFAULT 1,
  create_time       timestamptz NOT NULL DEFAULT db_now(),
  update_time       timestamptz NOT NULL DEFAULT db_now(),
  CHECK (state <> 'SCHEDULED' OR (start_time IS NOT NULL AND latest_start_time >= start_time))
);

CREATE INDEX campaigns_due ON campaigns (start_time) WHERE state = 'SCHEDULED';

CREATE INDEX messages_by_campaign ON messages (campaign, number) WHERE campaign <> '';

-- Whom a newsletter told of an article: a correction of it is for them too.
ALTER TABLE issue_articles ADD COLUMN article text NOT NULL DEFAULT '';

CREATE INDEX issue_articles_by_article ON issue_articles (article, message_number) WHERE article <> '';
