// A member: who somebody is to the newsroom, and what such an entry may say.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/errors.h"

namespace masthead::memberships {

// What is personal, as it is stored: nothing can be told from it without the key file. See AddressKeys.
struct SealedPerson {
  std::string wrapped_key;
  std::string person;
  std::string address_index;  // Tells whether two addresses are the same.
};

struct Member {
  enum class State { kActive, kDeleted, kMerged, kErased };

  std::string id;

  // Personal. A member from the store has it sealed; AddressKeys::Open fills these in, AddressKeys::Seal seals them.
  std::string email;         // As it is written to.
  std::string email_normal;  // The form under which it is unique.
  std::string display_name;
  std::string note;
  std::map<std::string, std::string> custom_fields;
  SealedPerson sealed;

  std::string address_domain;
  std::optional<absl::Time> email_verify_time;
  std::string locale;     // BCP 47; empty: the newsroom's.
  std::string time_zone;  // IANA; empty: the newsroom's.
  std::map<std::string, std::string> labels;
  State state = State::kActive;
  std::string merged_into;  // The ID of whom a merged one became.
  int64_t revision = 1;
  absl::Time create_time;
  absl::Time update_time;
  std::optional<absl::Time> delete_time;
};

inline constexpr int kMaxMemberLabels = 50;
inline constexpr int kMaxCustomFields = 50;

std::string MemberName(absl::string_view id);

absl::string_view Name(Member::State state);
std::optional<Member::State> ParseMemberState(absl::string_view name);

// Each of these normalises its value in place and adds a violation for `field` if it may not stand.
void CheckDisplayName(absl::string_view field, std::string& display_name, bool required, FieldViolations& violations);
void CheckLocale(absl::string_view field, const std::string& locale, FieldViolations& violations);
void CheckTimeZone(absl::string_view field, const std::string& time_zone, FieldViolations& violations);
void CheckLabels(absl::string_view field, std::map<std::string, std::string>& labels, FieldViolations& violations);
void CheckNote(absl::string_view field, std::string& note, FieldViolations& violations);
void CheckCustomFields(absl::string_view field, std::map<std::string, std::string>& fields,
                       FieldViolations& violations);

// An address in the two forms that are kept.
struct EmailAddress {
  std::string mailbox;
  std::string normal;
};

// What comes after the `@` of a normal form.
absl::string_view DomainOf(absl::string_view email_normal);

// Empty, with a violation, if `email` is no address.
EmailAddress CheckEmail(absl::string_view field, absl::string_view email, FieldViolations& violations);

// `nina@example.org` as `n***@example.org`: enough to recognise, too little to write to.
std::string MaskEmail(absl::string_view email);

}  // namespace masthead::memberships
