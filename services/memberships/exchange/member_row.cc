#include "services/memberships/exchange/member_row.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/ids/uuid.h"

namespace masthead::memberships {
namespace {

void AppendEscaped(absl::string_view text, std::string& cell) {
  for (const char c : text) {
    if (c == ';' || c == '=' || c == '\\') cell += '\\';
    cell += c;
  }
}

std::map<std::string, std::string> ToMap(const char* column, const std::string& cell, FieldViolations& violations) {
  std::map<std::string, std::string> map;
  for (const auto& [key, value] : SplitPairs(cell)) {
    if (!map.emplace(key, value.value_or("")).second) violations.Add(column, "names a key twice");
  }
  return map;
}

Pairs ToPairs(const std::map<std::string, std::string>& map) {
  Pairs pairs;
  for (const auto& [key, value] : map) pairs.emplace_back(key, value);
  return pairs;
}

std::optional<absl::Time> ReadTime(const char* column, const std::string& text, FieldViolations& violations) {
  absl::Time time;
  std::string error;
  // As precise as it is kept.
  if (absl::ParseTime(absl::RFC3339_full, text, &time, &error)) return absl::FromUnixMicros(absl::ToUnixMicros(time));
  violations.Add(column, "must have times as RFC 3339, for example `2027-01-01T00:00:00Z`");
  return std::nullopt;
}

std::string WriteTime(absl::Time time) { return absl::FormatTime(absl::RFC3339_full, time, absl::UTCTimeZone()); }

std::vector<RowTier> ReadTiers(const std::string& cell, FieldViolations& violations) {
  std::vector<RowTier> tiers;
  for (const auto& [tier_id, end] : SplitPairs(cell)) {
    if (!ids::IsResourceId(tier_id)) violations.Add("tiers", "must have IDs of tiers");
    tiers.push_back({.tier_id = tier_id, .end_time = std::nullopt});
    if (end) tiers.back().end_time = ReadTime("tiers", *end, violations);
  }
  return tiers;
}

std::map<std::string, bool> ReadConsents(const std::string& cell, FieldViolations& violations) {
  std::map<std::string, bool> consents;
  for (const auto& [topic_id, word] : SplitPairs(cell)) {
    if (!ids::IsResourceId(topic_id)) violations.Add("consents", "must have IDs of topics");
    if (word != "granted" && word != "withdrawn") {
      violations.Add("consents", "must say `granted` or `withdrawn` of each topic");
    }
    consents[topic_id] = word == "granted";
  }
  if (consents.size() > kMaxConsents) violations.Add("consents", "must have at most 200 topics");
  return consents;
}

}  // namespace

std::vector<std::string> MemberColumns::Names() {
  return {"id",    "email",       "name",   "note",      "labels",  "custom_fields",
          "tiers", "create_time", "locale", "time_zone", "consents"};
}

absl::StatusOr<MemberColumns> MemberColumns::FromHeader(const CsvRow& header) {
  const std::vector<std::string> known = Names();
  FieldViolations violations;
  if (!header.error.empty()) violations.Add("data", absl::StrCat("has no header: ", header.error));
  MemberColumns columns;
  for (size_t i = 0; i < header.cells.size() && header.error.empty(); ++i) {
    if (std::find(known.begin(), known.end(), header.cells[i]) == known.end()) {
      violations.Add("data", absl::StrCat("has a column ", i + 1, " that is not known"));
    } else if (!columns.places_.emplace(header.cells[i], i).second) {
      violations.Add("data", absl::StrCat("has the column `", header.cells[i], "` twice"));
    }
  }
  if (header.error.empty() && !columns.Has("email")) violations.Add("data", "has no column `email`");
  RETURN_IF_ERROR(violations.ToStatus());
  return columns;
}

std::string MemberColumns::Cell(const CsvRow& row, const std::string& column) const {
  const auto place = places_.find(column);
  return place == places_.end() ? "" : Unguarded(row.cells[place->second]);
}

absl::StatusOr<MemberRow> MemberColumns::Parse(const CsvRow& row) const {
  FieldViolations violations;
  if (!row.error.empty()) {
    violations.Add("row", row.error);
  } else if (row.cells.size() != places_.size()) {
    violations.Add("row", absl::StrCat("must have ", places_.size(), " cells, and has ", row.cells.size()));
  }
  RETURN_IF_ERROR(violations.ToStatus());

  MemberRow read;
  Member& member = read.member;
  member.id = Cell(row, "id");
  if (!member.id.empty() && !ids::IsResourceId(member.id)) violations.Add("id", "must be the ID of a member");
  EmailAddress address = CheckEmail("email", Cell(row, "email"), violations);
  member.email = std::move(address.mailbox);
  member.email_normal = std::move(address.normal);
  member.display_name = Cell(row, "name");
  CheckDisplayName("name", member.display_name, /*required=*/false, violations);
  member.note = Cell(row, "note");
  CheckNote("note", member.note, violations);
  member.labels = ToMap("labels", Cell(row, "labels"), violations);
  CheckLabels("labels", member.labels, violations);
  member.custom_fields = ToMap("custom_fields", Cell(row, "custom_fields"), violations);
  CheckCustomFields("custom_fields", member.custom_fields, violations);
  member.locale = Cell(row, "locale");
  CheckLocale("locale", member.locale, violations);
  member.time_zone = Cell(row, "time_zone");
  CheckTimeZone("time_zone", member.time_zone, violations);
  if (const std::string text = Cell(row, "create_time"); !text.empty()) {
    read.create_time = ReadTime("create_time", text, violations);
  }
  read.tiers = ReadTiers(Cell(row, "tiers"), violations);
  read.consents = ReadConsents(Cell(row, "consents"), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return read;
}

std::string WriteMemberRow(const MemberRow& row) {
  Pairs tiers;
  for (const RowTier& tier : row.tiers) {
    tiers.emplace_back(tier.tier_id, tier.end_time ? std::optional(WriteTime(*tier.end_time)) : std::nullopt);
  }
  Pairs consents;
  for (const auto& [topic_id, granted] : row.consents) {
    consents.emplace_back(topic_id, granted ? "granted" : "withdrawn");
  }
  const Member& member = row.member;
  std::vector<std::string> cells = {member.id,
                                    member.email,
                                    member.display_name,
                                    member.note,
                                    JoinPairs(ToPairs(member.labels)),
                                    JoinPairs(ToPairs(member.custom_fields)),
                                    JoinPairs(tiers),
                                    row.create_time ? WriteTime(*row.create_time) : "",
                                    member.locale,
                                    member.time_zone,
                                    JoinPairs(consents)};
  for (std::string& cell : cells) cell = Guarded(cell);
  return WriteCsvRow(cells);
}

std::string JoinPairs(const Pairs& pairs) {
  std::string cell;
  for (const auto& [key, value] : pairs) {
    if (!cell.empty()) cell += ';';
    AppendEscaped(key, cell);
    if (!value) continue;
    cell += '=';
    AppendEscaped(*value, cell);
  }
  return cell;
}

Pairs SplitPairs(absl::string_view cell) {
  Pairs pairs;
  std::pair<std::string, std::optional<std::string>> pair;
  const auto end_pair = [&] {
    if (!pair.first.empty() || pair.second) pairs.push_back(pair);
    pair = {};
  };
  for (size_t i = 0; i < cell.size(); ++i) {
    const bool escaped = cell[i] == '\\' && i + 1 < cell.size();
    if (escaped) ++i;
    if (!escaped && cell[i] == ';') {
      end_pair();
    } else if (!escaped && cell[i] == '=' && !pair.second) {
      pair.second = "";
    } else {
      (pair.second ? *pair.second : pair.first) += cell[i];
    }
  }
  end_pair();
  return pairs;
}

}  // namespace masthead::memberships
