-- Reviews, retractions, plans with an end and under an embargo, deletions that can be undone.
ALTER TABLE articles
  DROP CONSTRAINT articles_state_check,
  DROP CONSTRAINT articles_check,
  DROP CONSTRAINT articles_check1,
  ADD COLUMN schedule_due_time                   timestamptz,  -- Set while the plan is to be carried out.
  ADD COLUMN schedule_substantive                boolean,
  ADD COLUMN schedule_unpublish_time             timestamptz,
  ADD COLUMN schedule_local_unpublish_time       text,
  ADD COLUMN schedule_local_unpublish_repeats    boolean,
  ADD COLUMN review                              jsonb,
  ADD COLUMN retraction                          jsonb,
  ADD COLUMN purge_time                          timestamptz,
  ADD COLUMN tombstone                           boolean NOT NULL DEFAULT false,  -- Purged: only this row and public slugs are left.
  ADD COLUMN correction_count                    integer NOT NULL DEFAULT 0,
  ADD COLUMN IF NOT EXISTS legal_hold            boolean NOT NULL DEFAULT false,
  ADD CONSTRAINT articles_state CHECK (
    state IN ('DRAFT', 'IN_REVIEW', 'APPROVED', 'SCHEDULED', 'PUBLISHED', 'UNPUBLISHED', 'RETRACTED')),
  ADD CONSTRAINT articles_plan CHECK (
    (state <> 'SCHEDULED' AND schedule_due_time IS NULL)
    OR (schedule_publish_time IS NOT NULL AND schedule_revision IS NOT NULL)),
  ADD CONSTRAINT articles_public CHECK (
    state NOT IN ('PUBLISHED', 'UNPUBLISHED', 'RETRACTED')
    OR (published_revision > 0 AND published_slug <> '' AND publish_time IS NOT NULL AND content_update_time IS NOT NULL)),
  ADD CONSTRAINT articles_retracted CHECK ((state = 'RETRACTED') = (retraction IS NOT NULL)),
  ADD CONSTRAINT articles_deleted CHECK (purge_time IS NULL OR delete_time IS NOT NULL);

DROP VIEW working_copies;
CREATE VIEW working_copies AS
SELECT a.*, r.word_count, r.head
FROM articles a
JOIN article_revisions r ON r.article_id = a.id AND r.revision = a.revision
WHERE a.delete_time IS NULL;

-- What can be undeleted.
CREATE VIEW deleted_working_copies AS
SELECT a.*, r.word_count, r.head
FROM articles a
JOIN article_revisions r ON r.article_id = a.id AND r.revision = a.revision
WHERE a.delete_time IS NOT NULL;

-- The row is the job: what is due to be published, or to be withdrawn. A plan of a binary from before this migration has no due time of
-- its own.
DROP INDEX articles_due;
CREATE INDEX articles_due ON articles (coalesce(schedule_due_time, schedule_publish_time))
WHERE state = 'SCHEDULED' OR schedule_due_time IS NOT NULL;
CREATE INDEX articles_withdrawal_due ON articles (schedule_unpublish_time) WHERE state = 'PUBLISHED';
CREATE INDEX articles_purge_due ON articles (purge_time) WHERE purge_time IS NOT NULL;
