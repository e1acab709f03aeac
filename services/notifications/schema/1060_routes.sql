-- By which smarthosts letters leave, and how fast.

-- `routes/default` has no row here: the service's flags make it.
CREATE TABLE routes (
  id               text        PRIMARY KEY,
  host             text        NOT NULL,
  port             integer     NOT NULL CHECK (port BETWEEN 1 AND 65535),
  tls              text        NOT NULL CHECK (tls IN ('NONE', 'OPPORTUNISTIC', 'REQUIRED')),
  dkim_domain      text        NOT NULL DEFAULT '',
  dkim_selectors   text[]      NOT NULL DEFAULT '{}',  -- A signature each; none: the smarthost signs.
  max_connections  integer     NOT NULL CHECK (max_connections > 0),
  rate_per_minute  integer     NOT NULL DEFAULT 0 CHECK (rate_per_minute >= 0),  -- 0 for no limit.
  domain_rate_per_minute integer NOT NULL DEFAULT 0 CHECK (domain_rate_per_minute >= 0),  -- To each recipient domain; 0 for no limit.
  warm_up_start    integer     NOT NULL DEFAULT 0 CHECK (warm_up_start >= 0),
  warm_up_end      integer     NOT NULL DEFAULT 0 CHECK (warm_up_end >= warm_up_start),
  warm_up_days     integer     NOT NULL DEFAULT 0 CHECK (warm_up_days BETWEEN 0 AND 366),
  warm_up_day      date        NOT NULL DEFAULT (db_now() AT TIME ZONE 'UTC')::date,  -- The first one.
  revision         bigint      NOT NULL DEFAULT 1,
  create_time      timestamptz NOT NULL DEFAULT db_now(),
  update_time      timestamptz NOT NULL DEFAULT db_now(),
  CHECK (warm_up_days = 0 OR warm_up_start > 0)
);

-- Token buckets: of a route, where the domain is empty, and of a route and a recipient domain. Here, so that replicas share them and a restart
-- does not fill them.
CREATE TABLE route_buckets (
  route       text        NOT NULL,
  domain      text        NOT NULL,
  credit      bigint      NOT NULL DEFAULT 0,
  time        timestamptz NOT NULL DEFAULT db_now(),
  day         date        NOT NULL DEFAULT (db_now() AT TIME ZONE 'UTC')::date,
  sent_on_day bigint      NOT NULL DEFAULT 0,   -- For the warm-up.
  resume_time timestamptz,                     -- The server asked to be left alone until then.
  setbacks    smallint    NOT NULL DEFAULT 0,   -- In a row; each doubles the next wait.
  PRIMARY KEY (route, domain)
) WITH (fillfactor = 50);
