// One call of StreamInbox: the entries after a place in the log, each once, then what is added.
#pragma once

#include <cstdint>
#include <list>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/scope.h"
#include "common/db/database.h"
#include "common/rpc/stream.h"
#include "masthead/notifications/v1/inbox_service.pb.h"
#include "services/notifications/following/topic.h"
#include "services/notifications/inbox/inbox.h"
#include "services/notifications/inbox/inbox_hub.h"

namespace masthead::notifications {

class InboxStream final : public rpc::Stream<v1::StreamInboxResponse> {
 public:
  using Next = rpc::Next<v1::StreamInboxResponse>;

  InboxStream(db::Database& database, InboxHub& hub, const Recipient& recipient, int64_t resume_seq, int max_backlog)
      : database_(database),
        watch_(hub.Follow(recipient.number)),
        recipient_number_(recipient.number),
        recipient_id_(recipient.id),
        sent_(resume_seq),
        max_backlog_(max_backlog) {}

  absl::StatusOr<Next> Ask(const Scope& scope) override;

 private:
  // What the log holds after `sent_`, in one view of it.
  struct Entries {
    InboxHead head;
    std::vector<InboxItem> items;
    std::vector<InboxChange> changes;
  };

  absl::Status Load(const Scope& scope);
  absl::StatusOr<Entries> LoadEntries(const Scope& scope);
  void Queue(const Entries& entries);
  absl::Status QueueReset(const Scope& scope, v1::StreamInboxResponse::Reset::Reason reason);
  void QueueCounts(const InboxHead& head);
  Next Take();

  db::Database& database_;
  const InboxHub::Watch watch_;  // Before the first look at the log: nothing falls in between.
  const int64_t recipient_number_;
  const std::string recipient_id_;
  int64_t sent_;  // Of the newest entry that is sent or queued.
  const int max_backlog_;
  bool opened_ = false;
  std::list<v1::StreamInboxResponse> queue_;  // Bounded by what one look brings; mostly empty, and then costs nothing.
  absl::Time last_frame_ = absl::InfinitePast();
};

}  // namespace masthead::notifications
