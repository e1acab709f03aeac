// Addresses and networks, IPv4 (RFC 4632) and IPv6 (RFC 4291).
#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace masthead::memberships {

// The address in its one spelling; an IPv4 address that is written as an IPv6 one (`::ffff:192.0.2.1`) becomes itself.
// nullopt if it is none.
std::optional<std::string> NormalAddress(absl::string_view address);

// The network without host bits, in one spelling; a single address if there is no prefix length. nullopt if it is none,
// or so wide that it can only be a mistake: IPv4 below /8, IPv6 below /16.
std::optional<std::string> NormalNetwork(absl::string_view network);

}  // namespace masthead::memberships
