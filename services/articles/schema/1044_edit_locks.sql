-- Leases: a row past its expire_time means nothing.
CREATE TABLE article_edit_locks (
  article_id   text        PRIMARY KEY REFERENCES articles,
  holder       text        NOT NULL,
  session_id   text        NOT NULL,
  acquire_time timestamptz NOT NULL,
  expire_time  timestamptz NOT NULL
);
