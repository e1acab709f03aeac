-- What figures are read from, without the rest of the rows.

-- What moves revenue: most moves of subscriptions do not.
CREATE INDEX subscription_changes_of_revenue ON subscription_changes (change_time)
INCLUDE (seq, member_id, currency, annual_before, annual_after, reason)
WHERE annual_before <> annual_after;

-- Where paying begins and ends, for each member in order.
CREATE INDEX subscription_changes_of_paying ON subscription_changes (member_id, seq)
INCLUDE (change_time, annual_before, annual_after)
WHERE (annual_before > 0) <> (annual_after > 0);

CREATE INDEX subscription_changes_by_subscription ON subscription_changes (subscription_id, seq);

CREATE INDEX subscriptions_ending ON subscriptions (id)
WHERE cancel_at_period_end AND state IN ('ACTIVE', 'PAST_DUE');
