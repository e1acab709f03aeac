// What an answer over HTTP means for a delivery.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/http/client.h"
#include "services/notifications/sending/chunk_store.h"

namespace masthead::notifications {

// 2xx is SENT; 404 and 410 say that the endpoint is gone; 429 and 5xx put off, as long as `Retry-After` says if it
// does; anything else, a redirect too, refuses. Without an answer: PENDING if the request was surely not heard, else as
// SMTP's lost last reply.
Decision JudgeAnswer(const Due& due, const absl::StatusOr<http::Answer>& answer, bool at_most_once);

// Of a `Retry-After` in seconds or as a date (RFC 9110 section 10.2.3); zero for none.
absl::Duration RetryAfter(absl::string_view value, absl::Time now);

// What a stranger answered, fit to be kept: at most 512 characters, those that cannot be printed as spaces.
std::string PrintableText(absl::string_view text);

}  // namespace masthead::notifications
