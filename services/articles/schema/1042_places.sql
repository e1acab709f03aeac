CREATE TABLE places (
  id           text             PRIMARY KEY,
  version      bigint           NOT NULL DEFAULT 1,
  display_name text             NOT NULL CHECK (display_name <> ''),
  country_code text             NOT NULL,
  latitude     double precision,
  longitude    double precision,
  create_time  timestamptz      NOT NULL DEFAULT db_now(),
  update_time  timestamptz      NOT NULL DEFAULT db_now(),
  CHECK ((latitude IS NULL) = (longitude IS NULL))
);
