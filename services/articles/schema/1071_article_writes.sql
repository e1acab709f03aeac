-- What each write did to an article: `version` is the one it made. Who did it is in audit_event. Cleared away together with that.
CREATE TABLE article_writes (
  article_id                text        NOT NULL,
  version                   bigint      NOT NULL,
  at                        timestamptz NOT NULL DEFAULT db_now(),
  revision_before           bigint      NOT NULL,
  revision_after            bigint      NOT NULL,
  published_revision_before bigint      NOT NULL DEFAULT 0,
  published_revision_after  bigint      NOT NULL DEFAULT 0,
  state_before              text,       -- NULL for what was created.
  state_after               text        NOT NULL,
  deleted                   boolean     NOT NULL DEFAULT false,
  PRIMARY KEY (article_id, version)
);

CREATE INDEX article_writes_by_age ON article_writes (at);
