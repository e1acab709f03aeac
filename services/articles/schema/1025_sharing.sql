-- Links that open one article to whoever holds their secret, of which only a digest is kept. A link's row stays for a while after it has ended, so
-- that lists can tell of it.
CREATE TABLE preview_links (
  id          text        PRIMARY KEY,
  article_id  text        NOT NULL REFERENCES articles ON DELETE CASCADE,
  digest      bytea       NOT NULL UNIQUE,
  revision    bigint      NOT NULL,  -- 0: the working copy.
  creator     text        NOT NULL,
  create_time timestamptz NOT NULL,
  expire_time timestamptz NOT NULL,
  revoke_time timestamptz
);

CREATE INDEX preview_links_of_article ON preview_links (article_id, create_time DESC, id DESC);
CREATE INDEX preview_links_by_end ON preview_links (expire_time);

CREATE TABLE gift_links (
  id               text        PRIMARY KEY,
  article_id       text        NOT NULL REFERENCES articles ON DELETE CASCADE,
  digest           bytea       NOT NULL UNIQUE,
  giver            text        NOT NULL,
  max_redemptions  integer     NOT NULL CHECK (max_redemptions > 0),
  redemption_count integer     NOT NULL DEFAULT 0 CHECK (redemption_count BETWEEN 0 AND max_redemptions),
  create_time      timestamptz NOT NULL,
  expire_time      timestamptz NOT NULL,
  revoke_time      timestamptz
);

CREATE INDEX gift_links_of_article ON gift_links (article_id, create_time DESC, id DESC);
CREATE INDEX gift_links_of_giver ON gift_links (giver, create_time DESC);
CREATE INDEX gift_links_by_end ON gift_links (expire_time);

-- Who has come by a gift link, each once: a digest of what a backend knows a reader by.
CREATE TABLE gift_redemptions (
  gift_link_id text        NOT NULL REFERENCES gift_links ON DELETE CASCADE,
  reader       bytea       NOT NULL,
  create_time  timestamptz NOT NULL,
  PRIMARY KEY (gift_link_id, reader)
);
