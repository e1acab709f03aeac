-- Institutions whose people may read, known by the domain of a verified address or by the network they read from.

CREATE TABLE institutions (
  id           text COLLATE "C" PRIMARY KEY,
  display_name text        NOT NULL,
  tier_id      text COLLATE "C" NOT NULL REFERENCES tiers,
  end_time     timestamptz,
  revision     bigint      NOT NULL,
  create_time  timestamptz NOT NULL,
  update_time  timestamptz NOT NULL
);

CREATE TABLE institution_domains (
  domain         text COLLATE "C" NOT NULL,
  institution_id text COLLATE "C" NOT NULL REFERENCES institutions ON DELETE CASCADE,
  PRIMARY KEY (domain, institution_id)
);

CREATE INDEX institution_domains_by_institution ON institution_domains (institution_id);

CREATE TABLE institution_networks (
  institution_id text COLLATE "C" NOT NULL REFERENCES institutions ON DELETE CASCADE,
  network        cidr NOT NULL,
  PRIMARY KEY (institution_id, network)
);

CREATE INDEX institution_networks_by_address ON institution_networks USING gist (network inet_ops);
