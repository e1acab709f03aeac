// What articles are ordered by: who made them, where they belong, what they are about.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/errors.h"

namespace masthead::articles {

struct Contributor {
  enum class Kind { kPerson, kDesk, kOrganization };

  std::string id;
  int64_t version = 1;
  Kind kind = Kind::kPerson;
  std::string display_name;
  std::string biography;
  std::string contact_email;
  absl::Time create_time;
  absl::Time update_time;
};

// Sections and tags differ in what they mean, not in what they hold.
struct Topic {
  enum class Kind { kSection, kTag };

  std::string id;
  int64_t version = 1;
  std::string display_name;
  std::string slug;
  std::string description;
  absl::Time create_time;
  absl::Time update_time;
};

// The spelling in the database.
absl::string_view Name(Contributor::Kind kind);

// Normalise and check, as the fields `contributor`, `section` or `tag` of a request. An empty slug is made from the
// display name.
void CheckContributor(Contributor& contributor, FieldViolations& violations);
void CheckTopic(absl::string_view field, Topic& topic, FieldViolations& violations);

}  // namespace masthead::articles
