-- Members who were merged or erased.

CREATE INDEX members_merged_into ON members (merged_into) WHERE merged_into IS NOT NULL;

-- Who has an address of a domain: for access by institution.
CREATE INDEX members_by_domain ON members (email_domain) WHERE email_domain IS NOT NULL AND state = 'ACTIVE';

-- Addresses of people who asked to be forgotten: what is left is a digest under a key that is not in the database. No import brings
-- them back.
CREATE TABLE erased_addresses (
  address_index bytea       PRIMARY KEY CHECK (octet_length(address_index) = 32),
  erase_time    timestamptz NOT NULL
);
