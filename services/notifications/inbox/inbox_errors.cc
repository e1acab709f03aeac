#include "services/notifications/inbox/inbox_errors.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "services/notifications/errors.h"

namespace masthead::notifications {

absl::Status InboxItemNotFound(absl::string_view name) {
  return WithResource(MakeError(absl::StatusCode::kNotFound, absl::StrCat("there is no ", name),
                                {kErrorDomain, "INBOX_ITEM_NOT_FOUND", {{"name", std::string(name)}}}),
                      "notifications.masthead.dev/InboxItem", name);
}

absl::Status ResumeSeqAhead(int64_t seq) {
  return MakeError(absl::StatusCode::kOutOfRange, absl::StrCat("the inbox has not come as far as entry ", seq),
                   {kErrorDomain, "RESUME_SEQ_AHEAD", {{"seq", absl::StrCat(seq)}}});
}

}  // namespace masthead::notifications
