-- What feeds and sitemaps are made from, without a look at what they leave out.
CREATE INDEX published_articles_of_language ON published_articles (language_code, publish_time DESC, article_id DESC);
CREATE INDEX articles_by_month ON articles (publish_time, id) INCLUDE (content_update_time) WHERE state = 'PUBLISHED' AND delete_time IS NULL;
CREATE INDEX articles_retracted_newest ON articles (publish_time DESC, id DESC) WHERE state = 'RETRACTED' AND delete_time IS NULL;

-- Who is credited for what is published. Kept by the database, so that a binary from before this migration keeps it too.
CREATE TABLE published_article_contributors (
  contributor_id text        NOT NULL,
  article_id     text        NOT NULL REFERENCES published_articles ON DELETE CASCADE,
  publish_time   timestamptz NOT NULL,
  PRIMARY KEY (article_id, contributor_id)
);

CREATE INDEX published_article_contributors_newest ON published_article_contributors (contributor_id, publish_time DESC, article_id DESC);

CREATE FUNCTION note_published_contributors() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM published_article_contributors
  WHERE article_id = new.article_id;
  INSERT INTO published_article_contributors (contributor_id, article_id, publish_time)
  SELECT DISTINCT byline->>'contributor', new.article_id, new.publish_time
  FROM article_revisions r
  CROSS JOIN LATERAL jsonb_array_elements(r.head->'bylines') AS byline
  WHERE r.article_id = new.article_id AND r.revision = new.revision;
  RETURN NULL;
END
$$;

CREATE TRIGGER published_articles_contributors
AFTER INSERT OR UPDATE ON published_articles
FOR EACH ROW EXECUTE FUNCTION note_published_contributors();

INSERT INTO published_article_contributors (contributor_id, article_id, publish_time)
SELECT DISTINCT byline->>'contributor', p.article_id, p.publish_time
FROM published_articles p
JOIN article_revisions r ON r.article_id = p.article_id AND r.revision = p.revision
CROSS JOIN LATERAL jsonb_array_elements(r.head->'bylines') AS byline;
