-- Postgres inlines this db_now() into the statement that asks it. The one that read clock_offset was planned anew at
-- every execution of every statement with a time in it.
CREATE OR REPLACE FUNCTION db_now() RETURNS timestamptz
LANGUAGE sql STABLE
AS $$ SELECT now() $$;
