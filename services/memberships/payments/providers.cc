#include "services/memberships/payments/providers.h"

#include <utility>

namespace masthead::memberships {

Providers::Providers(std::vector<std::unique_ptr<PaymentProvider>> providers, ledgerpay::Ledgerpay* embedded)
    : providers_(std::move(providers)), embedded_(embedded) {}

PaymentProvider* Providers::Find(absl::string_view name) const {
  for (const std::unique_ptr<PaymentProvider>& provider : providers_) {
    if (provider->name() == name) return provider.get();
  }
  return nullptr;
}

}  // namespace masthead::memberships
