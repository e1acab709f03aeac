CREATE TABLE contributors (
  id            text        PRIMARY KEY,
  version       bigint      NOT NULL DEFAULT 1,
  kind          text        NOT NULL CHECK (kind IN ('PERSON', 'DESK', 'ORGANIZATION')),
  display_name  text        NOT NULL CHECK (display_name <> ''),
  biography     text        NOT NULL,
  contact_email text        NOT NULL,
  create_time   timestamptz NOT NULL DEFAULT db_now(),
  update_time   timestamptz NOT NULL DEFAULT db_now()
);

CREATE TABLE sections (
  id           text        PRIMARY KEY,
  version      bigint      NOT NULL DEFAULT 1,
  display_name text        NOT NULL CHECK (display_name <> ''),
  slug         text        NOT NULL UNIQUE,
  description  text        NOT NULL,
  create_time  timestamptz NOT NULL DEFAULT db_now(),
  update_time  timestamptz NOT NULL DEFAULT db_now()
);

CREATE TABLE tags (
  id           text        PRIMARY KEY,
  version      bigint      NOT NULL DEFAULT 1,
  display_name text        NOT NULL CHECK (display_name <> ''),
  slug         text        NOT NULL UNIQUE,
  description  text        NOT NULL,
  create_time  timestamptz NOT NULL DEFAULT db_now(),
  update_time  timestamptz NOT NULL DEFAULT db_now()
);
