// Those in whose name articles appear.
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

  bool operator==(const Contributor&) const = default;
};

// The spelling in the database.
absl::string_view Name(Contributor::Kind kind);

// Normalises and checks, as the field `contributor` of a request.
void CheckContributor(Contributor& contributor, FieldViolations& violations);

}  // namespace masthead::articles
