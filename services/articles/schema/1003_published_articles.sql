-- What readers have now, in the order they list it: written with each publication, gone with a withdrawal.
CREATE TABLE published_articles (
  article_id    text        PRIMARY KEY REFERENCES articles,
  revision      bigint      NOT NULL,
  language_code text        NOT NULL,
  section_id    text        NOT NULL REFERENCES sections,
  publish_time  timestamptz NOT NULL,
  FOREIGN KEY (article_id, revision) REFERENCES article_revisions
);

CREATE INDEX published_articles_newest ON published_articles (publish_time DESC, article_id DESC);
CREATE INDEX published_articles_of_section ON published_articles (section_id, publish_time DESC, article_id DESC);

CREATE TABLE published_article_tags (
  tag_id       text        NOT NULL REFERENCES tags,
  article_id   text        NOT NULL REFERENCES published_articles ON DELETE CASCADE,
  publish_time timestamptz NOT NULL,
  PRIMARY KEY (article_id, tag_id)
);

CREATE INDEX published_article_tags_newest ON published_article_tags (tag_id, publish_time DESC, article_id DESC);
