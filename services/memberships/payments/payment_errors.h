// What payment providers and their events are refused for.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace masthead::memberships {

absl::Status BadSignature();
absl::Status ProviderNotFound(absl::string_view provider);
absl::Status ProviderEventNotFound(absl::string_view name);
// `expected` and `given` are of the same kind: modes, or versions.
absl::Status ProviderEventRejected(absl::string_view expected, absl::string_view given);
absl::Status ProviderUnavailable(absl::string_view provider);
// No buyer was given this reference for a transfer.
absl::Status TransferNotFound(absl::string_view reference);
// `state` is that of the payment that was announced with it.

}  // namespace masthead::memberships
