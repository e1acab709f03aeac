-- What readers are told about published articles beside them. Rows go only with an article that is purged.
CREATE TABLE corrections (
  article_id        text        NOT NULL REFERENCES articles,
  id                text        NOT NULL UNIQUE,
  version           bigint      NOT NULL,
  kind              text        NOT NULL CHECK (kind IN ('CORRECTION', 'CLARIFICATION', 'UPDATE', 'EDITORS_NOTE')),
  placement         text        NOT NULL CHECK (placement IN ('TOP', 'BOTTOM')),
  text              jsonb       NOT NULL,
  article_revision  bigint      NOT NULL,
  create_time       timestamptz NOT NULL,
  update_time       timestamptz NOT NULL,
  withdraw_time     timestamptz,
  withdrawal_reason text        NOT NULL DEFAULT '',
  PRIMARY KEY (article_id, id)
);

CREATE INDEX corrections_newest ON corrections (create_time DESC, id DESC);
CREATE INDEX corrections_of_article ON corrections (article_id, create_time DESC, id DESC);

-- All that a correction ever said; the last version is what it says now.
CREATE TABLE correction_versions (
  article_id    text        NOT NULL,
  correction_id text        NOT NULL,
  version       bigint      NOT NULL,
  kind          text        NOT NULL,
  placement     text        NOT NULL,
  text          jsonb       NOT NULL,
  editor        text        NOT NULL,
  create_time   timestamptz NOT NULL,
  PRIMARY KEY (article_id, correction_id, version),
  FOREIGN KEY (article_id, correction_id) REFERENCES corrections ON DELETE CASCADE
);
