// The face of letters to desks.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/crypto/mac.h"
#include "common/crypto/seal.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "common/paging/page_token.h"
#include "common/rpc/service.h"
#include "common/rpc/stream.h"
#include "google/protobuf/empty.pb.h"
#include "masthead/notifications/v1/desk_letter_service.pb.h"
#include "services/notifications/desks/desk_letter_proto.h"
#include "services/notifications/desks/desk_letter_store.h"
#include "services/notifications/desks/desk_source.h"

namespace masthead::notifications {

class DeskLetterService {
 public:
  // `database`, `feed`, `letters_key` (of transactional letters) and `asked` (rung when a letter is due) outlive this.
  DeskLetterService(db::Database& database, events::Feed& feed, const crypto::MacKey& key,
                    const std::shared_ptr<grpc::Channel>& articles, const crypto::SealingKey& letters_key,
                    rpc::Bell& asked);

  const rpc::Service& service() const { return service_; }

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::DeskLetter> Send(const Call&, const v1::SendDeskLetterRequest&);
  absl::StatusOr<v1::DeskLetter> Get(const Call&, const v1::GetDeskLetterRequest&);
  absl::StatusOr<v1::ListDeskLettersResponse> List(const Call&, const v1::ListDeskLettersRequest&);
  absl::StatusOr<google::protobuf::Empty> Delete(const Call&, const v1::DeleteDeskLetterRequest&);

  LetterMarks MarksOf(const DeskLetterWords& words, const std::string& network) const;
  // Queues the letter to the desk's mailbox.
  absl::StatusOr<std::string> Relay(db::Transaction& tx, const ParsedDeskLetter& parsed, const Desk& desk,
                                    const std::string& locale) const;

  db::Database& database_;
  events::Feed& feed_;
  const DeskSource desks_;
  const paging::PageTokens page_tokens_;
  const crypto::MacKey marks_key_;
  const crypto::SealingKey words_key_;
  const crypto::SealingKey& letters_key_;
  rpc::Bell& asked_;
  rpc::Service service_;
};

}  // namespace masthead::notifications
