#include "services/notifications/inbox/inbox.h"

#include "absl/strings/str_cat.h"

namespace masthead::notifications {

std::string InboxItemName(absl::string_view recipient_id, absl::string_view item_id) {
  return absl::StrCat("recipients/", recipient_id, "/inboxItems/", item_id);
}

}  // namespace masthead::notifications
