// The face of messages: what is told, and how far it has come.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "common/paging/page_token.h"
#include "common/rpc/service.h"
#include "common/rpc/stream.h"
#include "masthead/notifications/v1/message_service.pb.h"

namespace masthead::notifications {

class MessageService {
 public:
  // `progress` wakes those who watch; `work` is rung when senders have something to call off.
  MessageService(db::Database& database, events::Feed& feed, const crypto::MacKey& key, rpc::Bell& progress,
                 rpc::Bell& work);

  const rpc::Service& service() const { return service_; }

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::Message> Get(const Call&, const v1::GetMessageRequest&);
  absl::StatusOr<v1::ListMessagesResponse> List(const Call&, const v1::ListMessagesRequest&);
  absl::StatusOr<v1::Message> Cancel(const Call&, const v1::CancelMessageRequest&);
  absl::StatusOr<v1::Message> Pause(const Call&, const v1::PauseMessageRequest&);
  absl::StatusOr<v1::Message> Resume(const Call&, const v1::ResumeMessageRequest&);
  absl::StatusOr<std::unique_ptr<rpc::Stream<v1::WatchMessageResponse>>> Watch(const Call&,
                                                                               const v1::WatchMessageRequest&);

  db::Database& database_;
  events::Feed& feed_;
  const paging::PageTokens page_tokens_;
  rpc::Bell& work_;
  rpc::Service service_;
};

}  // namespace masthead::notifications
