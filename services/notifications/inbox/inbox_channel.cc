#include "services/notifications/inbox/inbox_channel.h"

#include "services/notifications/inbox/inbox_store.h"

namespace masthead::notifications {
namespace {

InboxItem ItemOf(const Message& message) {
  InboxItem item;
  item.id = message.id;
  item.title = message.alert.headline;
  item.body = message.alert.dek;
  item.link = message.alert.url;
  item.article = message.alert.article;
  item.severity = message.lane == "BREAKING" ? "BREAKING" : "NORMAL";
  return item;
}

}  // namespace

Channel::HandedOver InboxChannel::Send(const Lease& lease, const Message&, const std::vector<Due>& window, absl::Time) {
  HandedOver handed_over;
  message_number_ = lease.message_number;
  recipient_numbers_.clear();
  for (const Due& due : window) {
    recipient_numbers_[due.seq] = due.recipient_number;
    handed_over.decisions.push_back({.seq = due.seq, .disposition = {.state = "SENT"}, .attempted = true});
  }
  return handed_over;
}

void InboxChannel::Record(db::Transaction& tx, const Lease& lease, const Message& message,
                          const std::vector<Decision>& decisions) {
  if (lease.message_number != message_number_) return;
  std::vector<int64_t> recipients;
  for (const Decision& decision : decisions) {
    const auto found = recipient_numbers_.find(decision.seq);
    if (found != recipient_numbers_.end()) recipients.push_back(found->second);
  }
  if (recipients.empty()) return;
  AddInboxItem(tx, recipients, ItemOf(message));
  tx.AfterCommit([this] { hub_.changed().Ring(); });
}

}  // namespace masthead::notifications
