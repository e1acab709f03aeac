-- What published articles are found by: written with each publication, gone with a withdrawal. Words are analysed by the service: what
-- an earlier way of analysis wrote, or no binary has written yet, is written again in the background.
CREATE TABLE search_documents (
  article_id    text        PRIMARY KEY REFERENCES published_articles ON DELETE CASCADE,
  revision      bigint      NOT NULL,
  analysis      integer     NOT NULL,
  language_code text        NOT NULL,
  publish_time  timestamptz NOT NULL,
  words         tsvector    NOT NULL
);

-- A publication is rare and may pay for its words; no search should pay for those of others.
CREATE INDEX search_documents_words ON search_documents USING gin (words) WITH (fastupdate = off);
CREATE INDEX search_documents_newest ON search_documents (publish_time DESC, article_id DESC);

-- The other orders of ListArticles. A story that was never public comes before the latest.
CREATE INDEX articles_latest_published ON articles ((coalesce(publish_time, 'infinity')) DESC, id DESC) WHERE delete_time IS NULL;
CREATE INDEX articles_latest_changed ON articles ((coalesce(content_update_time, 'infinity')) DESC, id DESC) WHERE delete_time IS NULL;
CREATE INDEX articles_latest_written ON articles (update_time DESC, id DESC) WHERE delete_time IS NULL;
