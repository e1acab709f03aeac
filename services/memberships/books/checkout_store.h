// Checkouts in Postgres. What is personal in their details is sealed there, and nowhere else.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/memberships/books/checkout.h"

namespace masthead::memberships {

void InsertCheckout(db::Transaction& tx, const Checkout& checkout);

std::optional<Checkout> LoadCheckout(db::Transaction& tx, absl::string_view id);
std::optional<Checkout> LockCheckout(db::Transaction& tx, absl::string_view id);
std::optional<Checkout> LoadCheckoutByRef(db::Transaction& tx, absl::string_view provider,
                                          absl::string_view provider_ref);

// The one that opened the subscription, if one did.
std::optional<Checkout> LoadOpeningCheckout(db::Transaction& tx, absl::string_view subscription_id);

// Stores what changes of `checkout`, which `tx` has locked, and raises its revision.
void SaveCheckout(db::Transaction& tx, Checkout& checkout);

// Seals what is personal in checkouts that an older version stored.
void SealReadableCheckouts(db::Transaction& tx);

// Whose checkouts have run out: OPEN past their time, PROCESSING for 14 days more.
struct DueCheckout {
  std::string id;
  std::string member_id;
};
std::vector<DueCheckout> LoadDueCheckouts(db::Transaction& tx, int limit);

// As LockCheckout, if it is still due.
std::optional<Checkout> LockDueCheckout(db::Transaction& tx, absl::string_view id);

// The member's live subscription of the product group; empty if there is none.
std::string LoadLiveSubscription(db::Transaction& tx, absl::string_view member_id, absl::string_view product_group);

// In what currency a subscription of the member is paid; unset if there is no such subscription or it has ended.
std::optional<std::string> LoadSubscriptionCurrency(db::Transaction& tx, absl::string_view member_id,
                                                    absl::string_view subscription_id);

}  // namespace masthead::memberships
