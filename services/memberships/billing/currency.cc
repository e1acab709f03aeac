#include "services/memberships/billing/currency.h"

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"

namespace masthead::memberships {
namespace {

// ISO 4217, list one.
constexpr absl::string_view kWithoutDecimals[] = {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG",
                                                  "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"};
constexpr absl::string_view kWithThree[] = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"};
constexpr absl::string_view kWithFour[] = {"CLF", "UYW"};

}  // namespace

bool IsCurrencyCode(absl::string_view code) {
  return code.size() == 3 && absl::c_all_of(code, [](char c) { return absl::ascii_isupper(c); });
}

int CurrencyExponent(absl::string_view code) {
  if (absl::c_linear_search(kWithoutDecimals, code)) return 0;
  if (absl::c_linear_search(kWithThree, code)) return 3;
  if (absl::c_linear_search(kWithFour, code)) return 4;
  return 2;
}

}  // namespace masthead::memberships
