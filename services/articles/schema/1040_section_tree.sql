-- Sections become a tree. A path follows from the slugs from the top down and is stored nowhere, so that a move rewrites nothing; only what a
-- path was before is kept, to redirect to the section.
ALTER TABLE sections ADD COLUMN parent_id text REFERENCES sections;
ALTER TABLE sections DROP CONSTRAINT sections_slug_key;
CREATE UNIQUE INDEX sections_siblings ON sections (coalesce(parent_id, ''), slug);
CREATE INDEX sections_of_slug ON sections (slug);

CREATE FUNCTION section_path(section text) RETURNS text LANGUAGE sql STABLE AS $$
  WITH RECURSIVE upwards AS (
    SELECT parent_id, slug AS path
    FROM sections
    WHERE id = section
    UNION ALL
    SELECT above.parent_id, above.slug || '/' || upwards.path
    FROM upwards
    JOIN sections above ON above.id = upwards.parent_id
  )
  SELECT path
  FROM upwards
  WHERE parent_id IS NULL
$$;

CREATE TABLE section_redirects (
  path       text PRIMARY KEY,
  section_id text NOT NULL REFERENCES sections ON DELETE CASCADE
);

CREATE INDEX section_redirects_of_section ON section_redirects (section_id);
