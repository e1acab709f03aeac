-- An autosave may be written over; what readers once had is never cleared away.
ALTER TABLE article_revisions
  ADD COLUMN autosaved boolean NOT NULL DEFAULT false,
  ADD COLUMN published boolean NOT NULL DEFAULT false;

UPDATE article_revisions r
SET published = true
FROM articles a
WHERE a.id = r.article_id AND a.published_revision = r.revision;

CREATE INDEX article_revisions_by_age ON article_revisions (create_time) WHERE NOT published;

-- ListArticles with what was deleted.
CREATE INDEX articles_newest_deleted_too ON articles (create_time DESC, id DESC);
