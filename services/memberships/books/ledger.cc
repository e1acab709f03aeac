#include "services/memberships/books/ledger.h"

#include "services/memberships/books/spelling.h"

namespace masthead::memberships {
namespace {

constexpr Spelling<Account> kAccounts[] = {{Account::kCash, "CASH"},
                                           {Account::kReceivable, "RECEIVABLE"},
                                           {Account::kRevenueSubscription, "REVENUE_SUBSCRIPTION"},
                                           {Account::kRevenueDonation, "REVENUE_DONATION"},
                                           {Account::kRevenueGift, "REVENUE_GIFT"},
                                           {Account::kMemberCredit, "MEMBER_CREDIT"},
                                           {Account::kFees, "FEES"},
                                           {Account::kTax, "TAX"},
                                           {Account::kDisputes, "DISPUTES"},
                                           {Account::kSuspense, "SUSPENSE"},
                                           {Account::kUncollectible, "UNCOLLECTIBLE"}};

}  // namespace

absl::string_view Name(Account account) { return Spell(kAccounts, account); }
std::optional<Account> ParseAccount(absl::string_view name) { return Read(kAccounts, name); }

void Posting::Add(const Key& key, int64_t amount) {
  if ((amounts_[key] += amount) == 0) amounts_.erase(key);
}

Posting& Posting::Add(Account account, const Money& money, absl::string_view provider) {
  Add({account, std::string(provider), money.currency}, money.amount);
  return *this;
}

Posting& Posting::Add(const Posting& other) {
  for (const auto& [key, amount] : other.amounts_) Add(key, amount);
  return *this;
}

Posting& Posting::Subtract(const Posting& other) {
  for (const auto& [key, amount] : other.amounts_) Add(key, -amount);
  return *this;
}

Posting& Posting::BalanceWith(Account account) {
  std::map<std::string, int64_t> sums;
  for (const auto& [key, amount] : amounts_) sums[std::get<2>(key)] += amount;
  for (const auto& [currency, sum] : sums) Add({account, "", currency}, -sum);
  return *this;
}

std::vector<Posting::Entry> Posting::entries() const {
  std::vector<Entry> entries;
  for (const auto& [key, amount] : amounts_) {
    const auto& [account, provider, currency] = key;
    entries.push_back({account, provider, {currency, amount}});
  }
  return entries;
}

}  // namespace masthead::memberships
