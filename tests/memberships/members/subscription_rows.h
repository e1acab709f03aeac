// Subscriptions as rows, for tests of what becomes of them with their member.
#pragma once

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/support/test_database.h"

namespace masthead::memberships {

// A live one, with an invoice that was paid and booked.
inline void InsertPaidSubscription(testing::TestDatabase& database, const std::string& id,
                                   const std::string& member_id) {
  database.Execute(
      absl::StrCat(R"sql(
    INSERT INTO tiers (id, display_name, description, benefits, state, revision, create_time, update_time)
    VALUES ('paid', 'Paid', '', '{}', 'ACTIVE', 1, db_now(), db_now()) ON CONFLICT DO NOTHING;
    INSERT INTO prices (id, tier_id, display_name, currency, amount, interval_unit, interval_count, state, revision,
                        create_time, update_time)
    VALUES ('monthly', 'paid', 'Monthly', 'EUR', 500, 'MONTH', 1, 'ACTIVE', 1, db_now(), db_now())
    ON CONFLICT DO NOTHING;
    INSERT INTO subscriptions (id, member_id, tier_id, price_id, product_group, state, collection, currency, amount,
                               interval_unit, interval_count, tax_basis_points, grace_days, time_zone, anchor_time,
                               period_index, period_start_time, provider, payment_method, revision, create_time,
                               update_time)
    VALUES (')sql",
                   id, "', '", member_id, R"sql(', 'paid', 'monthly', 'membership', 'ACTIVE', 'AUTOMATIC', 'EUR', 500,
            'MONTH', 1, 0, 21, 'UTC', db_now(), 0, db_now(), 'ledgerpay', 'pm_secret', 1, db_now(), db_now());
    INSERT INTO invoices (id, number, member_id, subscription_id, kind, period_index, currency, subtotal, discount, tax,
                          total, paid, state, revenue_account, revision, create_time, due_time)
    SELECT 'invoice-)sql",
                   id, "', count(*) + 1, '", member_id, "', '", id, R"sql(', 'CYCLE', 0, 'EUR', 500, 0, 0, 500,
           500, 'PAID', 'REVENUE_SUBSCRIPTION', 1, db_now(), db_now()
    FROM invoices;
    WITH t AS (
      INSERT INTO ledger_transactions (kind, member_id, invoice_id, record_time)
      VALUES ('PAYMENT', ')sql",
                   member_id, "', 'invoice-", id, R"sql(', db_now())
      RETURNING id
    )
    INSERT INTO ledger_entries (transaction_id, line, account, currency, amount)
    SELECT id, 1, 'CASH', 'EUR', 500 FROM t
    UNION ALL
    SELECT id, 2, 'REVENUE_SUBSCRIPTION', 'EUR', -500 FROM t;
  )sql"));
}

}  // namespace masthead::memberships
