-- Where readers could find an article that was deleted. Counts only while no other article has the slug and the article is not back; so nothing
-- has to be undone when one is.
CREATE TABLE gone_paths (
  language_code text        NOT NULL,
  slug          text        NOT NULL,
  article_id    text        NOT NULL,
  gone_time     timestamptz NOT NULL,
  PRIMARY KEY (language_code, slug)
);
