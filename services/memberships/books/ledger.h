// Double entry: every movement of money takes from accounts what it gives to others.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/memberships/billing/money.h"

namespace masthead::memberships {

enum class Account {
  kCash,                 // At a provider, or in the till.
  kReceivable,           // What members owe for invoices.
  kRevenueSubscription,  // Earned.
  kRevenueDonation,
  kRevenueGift,
  kMemberCredit,   // What members have to the good, or owe because it was too little to charge.
  kFees,           // What providers keep.
  kTax,            // Owed to the state.
  kDisputes,       // Withheld until a dispute is decided.
  kSuspense,       // Came and belongs to nothing.
  kUncollectible,  // Given up.
};

absl::string_view Name(Account account);
std::optional<Account> ParseAccount(absl::string_view name);

// What one transaction of the ledger says. Debits are positive and credits negative; of each account there is one
// entry a currency, and none of nothing.
class Posting {
 public:
  struct Entry {
    Account account;
    std::string provider;  // kCash and kFees alone: where it lies.
    Money money;
  };

  Posting& Add(Account account, const Money& money, absl::string_view provider = "");
  Posting& Add(const Posting& other);
  Posting& Subtract(const Posting& other);

  // Whatever the entries do not sum up to nothing by goes to `account`, in each currency.
  Posting& BalanceWith(Account account);

  bool empty() const { return amounts_.empty(); }
  std::vector<Entry> entries() const;

 private:
  using Key = std::tuple<Account, std::string, std::string>;  // Account, provider, currency.

  void Add(const Key& key, int64_t amount);

  std::map<Key, int64_t> amounts_;
};

// A transaction as it stands in the ledger.
struct LedgerTransaction {
  int64_t number = 0;
  std::string kind;
  std::string member_id;
  std::string invoice_id;  // Empty where it is about none; the next two as well.
  std::string payment_id;
  std::string refund_id;
  std::vector<Posting::Entry> entries;
  absl::Time record_time;
};

}  // namespace masthead::memberships
