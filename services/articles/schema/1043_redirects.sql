-- Paths of the newsroom's choice. No target is a path that redirects itself: chains are shortened when they are written.
CREATE TABLE redirects (
  id          text        PRIMARY KEY,
  version     bigint      NOT NULL DEFAULT 1,
  from_path   text        NOT NULL UNIQUE,
  target      text        NOT NULL,
  status      integer     NOT NULL CHECK (status IN (301, 302, 410)),
  create_time timestamptz NOT NULL DEFAULT db_now(),
  CHECK ((status = 410) = (target = '')),
  CHECK (target <> from_path)
);

CREATE INDEX redirects_to ON redirects (target);
