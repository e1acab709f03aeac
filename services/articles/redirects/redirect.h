// Paths that lead elsewhere because the newsroom says so.
#pragma once

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "common/base/errors.h"

namespace masthead::articles {

struct PathRedirect {
  std::string id;
  int64_t version = 1;
  std::string from_path;
  std::string target;  // A path or a URI; empty for what is gone.
  int status = 301;
  absl::Time create_time;
};

inline constexpr int kMovedForGood = 301;
inline constexpr int kMovedForNow = 302;
inline constexpr int kGone = 410;

// Checks, as the field `path_redirect` of a request.
void CheckRedirect(const PathRedirect& redirect, FieldViolations& violations);

}  // namespace masthead::articles
