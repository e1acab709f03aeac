-- Which member is which customer at Stripe: nothing else of a member is there.

CREATE TABLE stripe_customers (
  member_id    text COLLATE "C" PRIMARY KEY,
  customer_ref text NOT NULL
);
