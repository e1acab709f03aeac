-- What readers may open for nothing, and what they have opened. Locks on meters are taken after all others, in the order
-- of their keys.

CREATE TABLE meter_policies (
  id                   text COLLATE "C" PRIMARY KEY,
  display_name         text        NOT NULL,
  priority             integer     NOT NULL,
  levels               text[]      NOT NULL,
  window_kind          text        NOT NULL CHECK (window_kind IN ('DAY', 'WEEK', 'MONTH')),
  time_zone            text        NOT NULL,
  anonymous_max_views  integer     CHECK (anonymous_max_views >= 0),   -- NULL says nothing about them, 0 gives nothing.
  registered_max_views integer     CHECK (registered_max_views >= 0),
  revision             bigint      NOT NULL,
  create_time          timestamptz NOT NULL,
  update_time          timestamptz NOT NULL
);

-- The reader is a member's name or an anonymous reader's; an article is a keyed digest of its name: nobody learns here
-- who has read what.
CREATE TABLE meters (
  policy_id    text COLLATE "C" NOT NULL,
  reader_key   text COLLATE "C" NOT NULL,
  window_start timestamptz NOT NULL,
  window_end   timestamptz NOT NULL,
  articles     bigint[]    NOT NULL,
  PRIMARY KEY (reader_key, policy_id)
) WITH (fillfactor = 80);

-- Within a window the indexed columns do not change, so that counting touches no index.
CREATE INDEX meters_by_end ON meters (window_end);
