// What the requests of FeedsService ask for, checked.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "masthead/articles/v1/feeds_service.pb.h"
#include "services/articles/feeds/feeds_store.h"

namespace masthead::articles {

// INVALID_FIELD for each that is wrong.
absl::StatusOr<FeedScope> ParseFeedScope(const v1::RenderFeedRequest& request);

}  // namespace masthead::articles
