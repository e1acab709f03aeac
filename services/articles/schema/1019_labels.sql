-- What is said about an article as a whole, apart from its revisions.
ALTER TABLE articles
  ADD COLUMN labels  jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN alt_ids jsonb NOT NULL DEFAULT '{}';

-- articles.alt_ids, so that no two articles have the same. Locked between articles and article_slugs.
CREATE TABLE article_alt_ids (
  scheme     text NOT NULL,
  value      text NOT NULL,
  article_id text NOT NULL REFERENCES articles ON DELETE CASCADE,
  PRIMARY KEY (scheme, value)
);

CREATE INDEX article_alt_ids_of_article ON article_alt_ids (article_id);

DROP VIEW working_copies;
CREATE VIEW working_copies AS
SELECT a.*, r.word_count, r.head
FROM articles a
JOIN article_revisions r ON r.article_id = a.id AND r.revision = a.revision
WHERE a.delete_time IS NULL;

DROP VIEW deleted_working_copies;
CREATE VIEW deleted_working_copies AS
SELECT a.*, r.word_count, r.head
FROM articles a
JOIN article_revisions r ON r.article_id = a.id AND r.revision = a.revision
WHERE a.delete_time IS NOT NULL;
