-- Lists of articles that editors curate. What a list holds at a moment is its revision with the latest effective_time up to then: a revision for
-- a later time takes effect without anybody's doing.
CREATE TABLE curated_lists (
  id            text        PRIMARY KEY,
  version       bigint      NOT NULL DEFAULT 1,  -- Counts writes; curated_lists_now adds the schedules that took effect.
  kind          text        NOT NULL CHECK (kind IN ('MANUAL', 'AUTOMATIC')),
  display_name  text        NOT NULL CHECK (display_name <> ''),
  description   text        NOT NULL,
  filter        text        NOT NULL CHECK (filter = '' OR kind = 'AUTOMATIC'),
  max_items     integer     NOT NULL CHECK (max_items BETWEEN 1 AND 100),
  last_revision bigint      NOT NULL DEFAULT 0,
  create_time   timestamptz NOT NULL DEFAULT db_now(),
  update_time   timestamptz NOT NULL DEFAULT db_now()
);

CREATE TABLE curated_list_revisions (
  list_id        text        NOT NULL REFERENCES curated_lists ON DELETE CASCADE,
  revision       bigint      NOT NULL,
  scheduled      boolean     NOT NULL,  -- Written for a later time than its own.
  effective_time timestamptz NOT NULL,
  slots          jsonb       NOT NULL,
  editor         text        NOT NULL,
  create_time    timestamptz NOT NULL DEFAULT db_now(),
  PRIMARY KEY (list_id, revision)
);

CREATE INDEX curated_list_revisions_latest ON curated_list_revisions (list_id, effective_time DESC, revision DESC);

CREATE VIEW curated_lists_now AS
SELECT l.id, l.version + coalesce(schedules.effective, 0) AS version, l.kind, l.display_name, l.description, l.filter, l.max_items,
       l.last_revision, l.create_time, l.update_time, latest.revision, latest.slots, latest.editor, latest.effective_time,
       schedules.next_effective_time
FROM curated_lists l
LEFT JOIN LATERAL (
  SELECT r.revision, r.slots, r.editor, r.effective_time
  FROM curated_list_revisions r
  WHERE r.list_id = l.id AND r.effective_time <= db_now()
  ORDER BY r.effective_time DESC, r.revision DESC
  LIMIT 1
) latest ON true
LEFT JOIN LATERAL (
  SELECT count(*) FILTER (WHERE r.effective_time <= db_now()) AS effective,
         min(r.effective_time) FILTER (WHERE r.effective_time > db_now()) AS next_effective_time
  FROM curated_list_revisions r
  WHERE r.list_id = l.id AND r.scheduled
) schedules ON true;
