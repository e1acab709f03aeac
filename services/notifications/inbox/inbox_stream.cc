#include "services/notifications/inbox/inbox_stream.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "services/notifications/errors.h"
#include "services/notifications/inbox/inbox_errors.h"
#include "services/notifications/inbox/inbox_proto.h"
#include "services/notifications/inbox/inbox_store.h"

namespace masthead::notifications {
namespace {

constexpr absl::Duration kHeartbeat = absl::Seconds(30);
constexpr int kEntriesAtATime = 256;

}  // namespace

absl::StatusOr<InboxStream::Next> InboxStream::Ask(const Scope& scope) {
  if (!queue_.empty()) return Take();
  if (!opened_ || watch_->load() > sent_) RETURN_IF_ERROR(Load(scope));
  if (!queue_.empty()) return Take();
  const absl::Duration quiet = absl::Now() - last_frame_;
  if (quiet < kHeartbeat) return Next::Wait(kHeartbeat - quiet);
  v1::StreamInboxResponse heartbeat;
  heartbeat.set_seq(sent_);
  heartbeat.mutable_heartbeat();
  queue_.push_back(std::move(heartbeat));
  return Take();
}

InboxStream::Next InboxStream::Take() {
  last_frame_ = absl::Now();
  v1::StreamInboxResponse frame = std::move(queue_.front());
  queue_.pop_front();
  return Next::Message(std::move(frame));
}

absl::Status InboxStream::Load(const Scope& scope) {
  ASSIGN_OR_RETURN(const Entries entries, LoadEntries(scope));
  const InboxHead& head = entries.head;
  if (head.seq < sent_) {
    return opened_ ? RecipientNotFound(RecipientName(recipient_id_)) : ResumeSeqAhead(sent_);
  }
  const bool opening = !std::exchange(opened_, true);
  if (sent_ + 1 < head.first_seq) return QueueReset(scope, v1::StreamInboxResponse::Reset::RETENTION);
  if (opening && head.seq - sent_ > max_backlog_) return QueueReset(scope, v1::StreamInboxResponse::Reset::BACKLOG);
  const int64_t before = sent_;
  Queue(entries);
  if (sent_ == head.seq && (opening || sent_ > before)) QueueCounts(head);
  return absl::OkStatus();
}

// The head first: whatever a later statement of the transaction sees beyond it is left for the next look.
absl::StatusOr<InboxStream::Entries> InboxStream::LoadEntries(const Scope& scope) {
  return database_.Read(scope, [&](db::Transaction& tx) {
    Entries entries = {.head = LoadInboxHead(tx, recipient_number_), .items = {}, .changes = {}};
    entries.items = LoadInboxItemsAfter(tx, recipient_number_, sent_, entries.head.seq, kEntriesAtATime);
    entries.changes = LoadInboxChangesAfter(tx, recipient_number_, sent_, entries.head.seq, kEntriesAtATime);
    return entries;
  });
}

// Items and changes, merged by seq. Where one of the two was cut off, so is the other.
void InboxStream::Queue(const Entries& entries) {
  auto item = entries.items.begin();
  auto change = entries.changes.begin();
  while (item != entries.items.end() || change != entries.changes.end()) {
    const bool is_item = change == entries.changes.end() || (item != entries.items.end() && item->seq < change->seq);
    const int64_t seq = is_item ? item->seq : change->seq;
    if (seq != sent_ + 1) break;
    v1::StreamInboxResponse frame;
    frame.set_seq(seq);
    if (is_item) {
      *frame.mutable_item() = ToProto(recipient_id_, *item++);
    } else {
      *frame.mutable_state_change() = ToProto(recipient_id_, *change++);
    }
    queue_.push_back(std::move(frame));
    sent_ = seq;
  }
}

absl::Status InboxStream::QueueReset(const Scope& scope, v1::StreamInboxResponse::Reset::Reason reason) {
  InboxHead head;
  ASSIGN_OR_RETURN(std::vector<InboxItem> items, database_.Read(scope, [&](db::Transaction& tx) {
    head = LoadInboxHead(tx, recipient_number_);
    return LoadInboxItems(tx, recipient_number_, {}, head.seq + 1, max_backlog_);
  }));
  std::reverse(items.begin(), items.end());
  v1::StreamInboxResponse reset;
  reset.set_seq(sent_);  // Who goes away before the first item starts anew again.
  reset.mutable_reset()->set_reason(reason);
  queue_.push_back(std::move(reset));
  for (const InboxItem& item : items) {
    v1::StreamInboxResponse frame;
    frame.set_seq(item.seq);
    *frame.mutable_item() = ToProto(recipient_id_, item);
    queue_.push_back(std::move(frame));
  }
  sent_ = head.seq;
  QueueCounts(head);
  return absl::OkStatus();
}

void InboxStream::QueueCounts(const InboxHead& head) {
  v1::StreamInboxResponse frame;
  frame.set_seq(head.seq);
  *frame.mutable_counts() = ToProto(head);
  queue_.push_back(std::move(frame));
}

}  // namespace masthead::notifications
