// What is told of where somebody came from.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace masthead::memberships {

struct Touch {
  std::string utm_source;
  std::string utm_medium;
  std::string utm_campaign;
  std::string utm_term;
  std::string utm_content;
  std::string referrer;  // Host and path: what follows may say who somebody is.
  std::string landing_path;
  std::string referral;
  std::string campaign;
  std::string article;

  bool operator==(const Touch&) const = default;
};

// From what a caller sent along; see RecordAttribution. Never fails: what may not stand is left out.
Touch ParseTouch(absl::string_view json);

}  // namespace masthead::memberships
