// Whose network a call comes from: what limits on guesses and letters are counted by.
#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace masthead::auth {

// The network of a gRPC peer (`ipv4:192.0.2.7:4711`, `ipv6:%5B2001:db8::1%5D:4711`): the IPv4 address, or the first 64
// bits of the IPv6 address, since whoever has one of these has them all. Without the port. Other peers are their own
// network.
std::string NetworkOf(absl::string_view peer);

// The same of an address as a backend names it, `192.0.2.7` or `2001:db8::1`; none if it is no address.
std::optional<std::string> NetworkOfAddress(const std::string& address);

}  // namespace masthead::auth
