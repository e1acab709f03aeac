-- The one clock of this schema. Due times compare with db_now(), and nothing else; a test moves it.
CREATE TABLE clock_offset (
  singleton boolean  PRIMARY KEY DEFAULT true CHECK (singleton),
  by        interval NOT NULL DEFAULT '0'
);

INSERT INTO clock_offset DEFAULT VALUES;

CREATE FUNCTION db_now() RETURNS timestamptz
LANGUAGE sql STABLE
AS $$ SELECT now() + by FROM clock_offset $$;
