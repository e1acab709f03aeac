-- A merged tag stays, so that revisions which name it keep their meaning. It leads to a tag that is not merged itself.
ALTER TABLE tags ADD COLUMN merged_into text REFERENCES tags;
CREATE INDEX tags_merged ON tags (merged_into) WHERE merged_into IS NOT NULL;
