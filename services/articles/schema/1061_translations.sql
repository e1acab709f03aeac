-- Translations of one story are a set, with one article for each language; whichever of them was translated from which is another matter.
CREATE TABLE article_translations (
  set_id        text NOT NULL,
  language_code text NOT NULL,
  article_id    text NOT NULL UNIQUE REFERENCES articles,
  source_id     text REFERENCES articles,  -- What it was translated from.
  PRIMARY KEY (set_id, language_code)
);

CREATE INDEX article_translations_of_source ON article_translations (source_id) WHERE source_id IS NOT NULL;

-- article_translations.set_id, so that who has no translations need not ask.
ALTER TABLE articles ADD COLUMN translation_set text;
CREATE INDEX articles_of_translation_set ON articles (translation_set) WHERE translation_set IS NOT NULL;

DROP VIEW working_copies;
CREATE VIEW working_copies AS
SELECT a.*, r.word_count, r.head
FROM articles a
JOIN article_revisions r ON r.article_id = a.id AND r.revision = a.revision
WHERE a.delete_time IS NULL;

DROP VIEW deleted_working_copies;
CREATE VIEW deleted_working_copies AS
SELECT a.*, r.word_count, r.head
FROM articles a
JOIN article_revisions r ON r.article_id = a.id AND r.revision = a.revision
WHERE a.delete_time IS NOT NULL;
