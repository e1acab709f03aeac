// A member as a row of a CSV file: what its columns say, and how that is written.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/memberships/exchange/csv.h"
#include "services/memberships/members/consent.h"
#include "services/memberships/members/member.h"

namespace masthead::memberships {

// A complimentary tier.
struct RowTier {
  std::string tier_id;
  std::optional<absl::Time> end_time;  // For good if unset.

  bool operator==(const RowTier&) const = default;
};

struct MemberRow {
  Member member;  // Its personal fields are open; the ID may be empty.
  std::optional<absl::Time> create_time;
  std::vector<RowTier> tiers;
  std::map<std::string, bool> consents;  // By topic.
};

// Which column says what.
class MemberColumns {
 public:
  // All that there are, in the order in which they are written.
  static std::vector<std::string> Names();

  // INVALID_ARGUMENT (INVALID_FIELD) without `email`, with a name twice, or with one that is not known.
  static absl::StatusOr<MemberColumns> FromHeader(const CsvRow& header);

  bool Has(absl::string_view column) const { return places_.contains(std::string(column)); }

  // INVALID_ARGUMENT (INVALID_FIELD), naming columns, never what they say.
  absl::StatusOr<MemberRow> Parse(const CsvRow& row) const;

 private:
  std::string Cell(const CsvRow& row, const std::string& column) const;

  std::map<std::string, size_t> places_;
};

// With all columns.
std::string WriteMemberRow(const MemberRow& row);

// `key=value` pairs, or keys alone, separated by `;`, with a backslash before what is meant as it is.
using Pairs = std::vector<std::pair<std::string, std::optional<std::string>>>;
std::string JoinPairs(const Pairs& pairs);
Pairs SplitPairs(absl::string_view cell);

}  // namespace masthead::memberships
