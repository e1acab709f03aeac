#include "services/memberships/institutions/institution.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/text/text.h"
#include "services/memberships/institutions/network.h"

namespace masthead::memberships {
namespace {

constexpr int kMaxDisplayName = 191;
constexpr size_t kMaxDomains = 100;
constexpr size_t kMaxNetworks = 200;
constexpr size_t kMaxDomain = 253;

// As the domain of a member's address is kept: A-labels in lower case.
std::optional<std::string> NormalDomain(const std::string& domain) {
  if (domain.size() > kMaxDomain || domain.find('@') != std::string::npos) return std::nullopt;
  const absl::StatusOr<std::string> address = text::NormalizeEmail(absl::StrCat("a@", domain));
  if (!address.ok()) return std::nullopt;
  return address->substr(2);
}

template <typename Normalise>
void CheckList(const std::string& field, size_t limit, absl::string_view what, Normalise normalise,
               std::vector<std::string>& list, FieldViolations& violations) {
  if (list.size() > limit) return violations.Add(field, absl::StrCat("must have at most ", limit, " entries"));
  for (size_t i = 0; i < list.size(); ++i) {
    std::optional<std::string> normal = normalise(list[i]);
    if (normal) {
      list[i] = *std::move(normal);
    } else {
      violations.Add(absl::StrCat(field, "[", i, "]"), what);
    }
  }
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

}  // namespace

std::string InstitutionName(absl::string_view id) { return absl::StrCat("institutions/", id); }

void CheckInstitution(absl::string_view field, Institution& institution, FieldViolations& violations) {
  const auto path = [&](absl::string_view name) { return absl::StrCat(field, ".", name); };
  text::CheckLine(path("display_name"), institution.display_name, kMaxDisplayName, /*required=*/true, violations);
  CheckList(path("domains"), kMaxDomains, "must be a domain such as `example.edu`", NormalDomain, institution.domains,
            violations);
  CheckList(path("networks"), kMaxNetworks,
            "must be a network such as `192.0.2.0/24` or `2001:db8::/32`, IPv4 from /8, IPv6 from /16", NormalNetwork,
            institution.networks, violations);
}

}  // namespace masthead::memberships
