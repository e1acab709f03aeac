// The face of inboxes.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/paging/page_token.h"
#include "common/rpc/service.h"
#include "common/rpc/stream.h"
#include "masthead/notifications/v1/inbox_service.pb.h"
#include "services/notifications/inbox/inbox_hub.h"

namespace masthead::notifications {

class InboxService {
 public:
  // `database` and `hub` outlive this.
  InboxService(db::Database& database, const crypto::MacKey& key, InboxHub& hub);

  const rpc::Service& service() const { return service_; }

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::ListInboxItemsResponse> List(const Call&, const v1::ListInboxItemsRequest&);
  absl::StatusOr<v1::InboxCounts> Count(const Call&, const v1::GetInboxCountsRequest&);
  absl::StatusOr<v1::InboxItem> Update(const Call&, const v1::UpdateInboxItemRequest&);
  absl::StatusOr<v1::InboxCounts> MarkRead(const Call&, const v1::MarkInboxReadRequest&);
  absl::StatusOr<v1::InboxCounts> Archive(const Call&, const v1::ArchiveInboxItemsRequest&);
  absl::StatusOr<std::unique_ptr<rpc::Stream<v1::StreamInboxResponse>>> Stream(const Call&,
                                                                               const v1::StreamInboxRequest&);

  db::Database& database_;
  const paging::PageTokens page_tokens_;
  InboxHub& hub_;
  rpc::Service service_;
};

}  // namespace masthead::notifications
