-- What buyers write about themselves and others is sealed as members' addresses are, with a key of each row. The readable
-- columns are for rows that an older version wrote, until they are sealed.

ALTER TABLE checkouts ADD COLUMN sealed_details bytea;

ALTER TABLE gifts ADD COLUMN sealed_delivery bytea;

-- A member who was merged is found by the address that the member had.
CREATE INDEX members_by_former_address ON members (address_index) WHERE state = 'MERGED';
