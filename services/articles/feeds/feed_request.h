// What the requests of FeedsService ask for, checked.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/errors.h"
#include "masthead/articles/v1/feeds_service.pb.h"
#include "services/articles/feeds/feeds_store.h"

namespace masthead::articles {

// INVALID_FIELD for each that is wrong.
absl::StatusOr<FeedScope> ParseFeedScope(const v1::RenderFeedRequest& request);

void CheckIfNoneMatch(const std::string& etag, FieldViolations& violations);

}  // namespace masthead::articles
