-- Offers are counted without reading who had them: what was redeemed is a number, and only what is held is looked at.
ALTER TABLE offers
  ADD COLUMN redemptions integer NOT NULL DEFAULT 0;

CREATE INDEX offer_reservations ON offer_redemptions (offer_id, expire_time) WHERE state = 'RESERVED';

CREATE INDEX prices_by_tier ON prices (tier_id, id);

-- Who ever had a trial of a product group: by the member, and by the hash of the member's address, so that nobody has another under a new
-- entry or after being erased.
CREATE TABLE trials (
  trial_key     text COLLATE "C" NOT NULL,  -- `members/{member}`, or `addresses/{hash}`.
  product_group text COLLATE "C" NOT NULL,
  begin_time    timestamptz NOT NULL,
  PRIMARY KEY (trial_key, product_group)
);
