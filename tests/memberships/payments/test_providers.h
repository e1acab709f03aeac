// Payment providers for a memberships service under test.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "services/memberships/payments/ledgerpay/ledgerpay.h"
#include "services/memberships/payments/providers.h"

namespace masthead::memberships {

// Ledgerpay alone, with its test methods.
inline std::unique_ptr<Providers> WithTestMethods(db::Database& database, const crypto::MacKey& mac_key) {
  auto embedded = std::make_unique<ledgerpay::Ledgerpay>(
      database, mac_key,
      ledgerpay::LedgerpayOptions{.public_base_url = "https://pay.example",
                                  .transfer_instructions = "To the newspaper's account, UA00 <MASTHEAD>.",
                                  .test_methods = true});
  ledgerpay::Ledgerpay* const ledgerpay = embedded.get();
  std::vector<std::unique_ptr<PaymentProvider>> providers;
  providers.push_back(std::move(embedded));
  return std::make_unique<Providers>(std::move(providers), ledgerpay);
}

}  // namespace masthead::memberships
