// The payment providers of this installation.
#pragma once

#include <memory>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/memberships/payments/provider.h"

namespace masthead::memberships {

namespace ledgerpay {
class Ledgerpay;
}

class Providers {
 public:
  // Not empty; the first one is the default. `embedded` is the one of them that is ledgerpay, null if none is.
  explicit Providers(std::vector<std::unique_ptr<PaymentProvider>> providers, ledgerpay::Ledgerpay* embedded = nullptr);

  // Null if there is none of that name.
  PaymentProvider* Find(absl::string_view name) const;

  // The one that checkouts go to where nobody chose.
  PaymentProvider& Default() const { return *providers_.front(); }

  // Whose page, staff and clock are ours, too.
  ledgerpay::Ledgerpay* embedded() const { return embedded_; }

  const std::vector<std::unique_ptr<PaymentProvider>>& all() const { return providers_; }

 private:
  const std::vector<std::unique_ptr<PaymentProvider>> providers_;
  ledgerpay::Ledgerpay* const embedded_;
};

}  // namespace masthead::memberships
