// Where calls to addresses that strangers gave us may go: to the public internet, and not into networks that only we
// can reach (SSRF).
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace masthead::notifications {

// Whether `address`, IPv4 or IPv6 in numbers, is a public one: not private, loopback, link-local, shared, multicast,
// documentation or otherwise reserved (RFC 6890), nor one of these inside IPv6.
bool IsPublicAddress(absl::string_view address);

struct OutboundOptions {
  // For newsrooms whose webhooks and push gateways are in their own network: plain http and reserved addresses too.
  bool allow_private = false;
};

// Resolves the host of an https URL once and picks a public address of it: `host:port:address`, to be connected to and
// no other, whatever the name resolves to a moment later. NON_HTTPS_WEBHOOK or WEBHOOK_ADDRESS_FORBIDDEN; UNAVAILABLE
// if the name does not resolve.
absl::StatusOr<std::string> PinAddress(absl::string_view url, const OutboundOptions& options);

}  // namespace masthead::notifications
