-- The article that was made of an update; empty without one.
ALTER TABLE live_updates ADD COLUMN breakout_article_id text NOT NULL DEFAULT '';
