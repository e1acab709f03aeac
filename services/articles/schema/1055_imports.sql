-- What an import made of which article, so that the next one knows what is the same and what was edited here.
CREATE TABLE imported_articles (
  article_id  text        PRIMARY KEY REFERENCES articles ON DELETE CASCADE,
  digest      bytea       NOT NULL,  -- Of all that was read of it.
  revision    bigint      NOT NULL,  -- The article's latest, as the import left it.
  import_time timestamptz NOT NULL DEFAULT db_now()
);

-- Where an article's page was on the site that it came from.
CREATE TABLE imported_paths (
  site       text NOT NULL,  -- A host.
  path       text NOT NULL,
  article_id text NOT NULL REFERENCES articles ON DELETE CASCADE,
  PRIMARY KEY (site, path)
);

CREATE INDEX imported_paths_of_article ON imported_paths (article_id);

-- Articles with links to that site, until they were looked at with all articles there.
CREATE TABLE imported_links (
  site       text NOT NULL,
  article_id text NOT NULL REFERENCES articles ON DELETE CASCADE,
  PRIMARY KEY (site, article_id)
);

CREATE INDEX imported_links_of_article ON imported_links (article_id);

-- A file on its way in, piece by piece. Worth nothing after a crash: the client sends it again.
CREATE UNLOGGED TABLE import_records (
  import_id   text        NOT NULL,
  seq         bigint      NOT NULL,
  table_name  text        NOT NULL,
  key         text        NOT NULL,
  record      text        NOT NULL,
  create_time timestamptz NOT NULL DEFAULT db_now(),
  PRIMARY KEY (import_id, seq)
);

CREATE INDEX import_records_by_key ON import_records (import_id, table_name, md5(key), seq);
CREATE INDEX import_records_old ON import_records (create_time);
