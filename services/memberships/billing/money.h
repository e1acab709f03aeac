// An amount of money.
#pragma once

#include <cstdint>
#include <string>

namespace masthead::memberships {

// In the currency's minor unit as ISO 4217 has it. Payment providers that count otherwise are converted for in their
// adapters.
struct Money {
  std::string currency;
  int64_t amount = 0;

  bool operator==(const Money&) const = default;
};

}  // namespace masthead::memberships
