-- The working copy is the latest revision; what readers have is published_revision.
--
-- Locks are taken in this order: articles, article_slugs.
CREATE TABLE articles (
  id                      text        PRIMARY KEY,
  uid                     text        NOT NULL UNIQUE,
  language_code           text        NOT NULL,
  state                   text        NOT NULL CHECK (state IN ('DRAFT', 'SCHEDULED', 'PUBLISHED', 'UNPUBLISHED')),
  version                 bigint      NOT NULL,
  revision                bigint      NOT NULL,
  section_id              text        NOT NULL,  -- Of the latest revision; empty without one.
  published_revision      bigint      NOT NULL DEFAULT 0,
  published_slug          text        NOT NULL DEFAULT '',
  schedule_publish_time   timestamptz,
  schedule_time_zone      text,
  schedule_local_time     text,
  schedule_time_repeats   boolean,
  schedule_revision       bigint,
  publish_time            timestamptz,
  content_update_time     timestamptz,
  create_time             timestamptz NOT NULL,
  update_time             timestamptz NOT NULL,
  delete_time             timestamptz,
  CHECK (state <> 'SCHEDULED' OR (schedule_publish_time IS NOT NULL AND schedule_revision IS NOT NULL)),
  CHECK (state NOT IN ('PUBLISHED', 'UNPUBLISHED')
         OR (published_revision > 0 AND published_slug <> '' AND publish_time IS NOT NULL AND content_update_time IS NOT NULL))
);

-- ListArticles.
CREATE INDEX articles_newest ON articles (create_time DESC, id DESC) WHERE delete_time IS NULL;

-- The row is the job: what is due to be published.
CREATE INDEX articles_due ON articles (schedule_publish_time) WHERE state = 'SCHEDULED';

-- What was saved, for ever. The body apart, so that lists need not read it.
CREATE TABLE article_revisions (
  article_id  text        NOT NULL REFERENCES articles,
  revision    bigint      NOT NULL,
  head        jsonb       NOT NULL,
  body        jsonb       NOT NULL,
  word_count  integer     NOT NULL,
  editor      text        NOT NULL,
  create_time timestamptz NOT NULL,
  PRIMARY KEY (article_id, revision)
);

-- One namespace per language for what is reserved, what is live and what redirects. A redirect leads to an article, not to a slug: chains and
-- loops cannot be.
CREATE TABLE article_slugs (
  language_code text NOT NULL,
  slug          text NOT NULL,
  article_id    text NOT NULL REFERENCES articles,
  use           text NOT NULL CHECK (use IN ('RESERVED', 'LIVE', 'REDIRECT')),
  PRIMARY KEY (language_code, slug)
);

CREATE INDEX article_slugs_of_article ON article_slugs (article_id);
CREATE UNIQUE INDEX article_slugs_one_live ON article_slugs (article_id) WHERE use = 'LIVE';

-- Articles as the newsroom sees them, without their bodies.
CREATE VIEW working_copies AS
SELECT a.*, r.word_count, r.head
FROM articles a
JOIN article_revisions r ON r.article_id = a.id AND r.revision = a.revision
WHERE a.delete_time IS NULL;
