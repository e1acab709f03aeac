// The payment providers that the flags of the process ask for.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "services/memberships/payments/ledgerpay/event_sender.h"
#include "services/memberships/payments/providers.h"

namespace masthead::memberships {

// `database` outlives the providers. INVALID_ARGUMENT for a provider that there is none of, or one that cannot work
// with what it is given.
absl::StatusOr<std::unique_ptr<Providers>> ProvidersFromFlags(db::Database& database, const crypto::MacKey& mac_key);

// Address of the public HTTP listener.
std::string PublicHttpListen();

// Where ledgerpay posts its events: our own listener, on its `port`, unless a flag says otherwise.
std::string LedgerpayWebhookUrl(int port);
absl::StatusOr<ledgerpay::EventFaults> LedgerpayEventFaults();

}  // namespace masthead::memberships
