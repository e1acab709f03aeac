// Letters that ask whether an address is right, or a topic really wanted, before anything else is sent.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "common/crypto/seal.h"
#include "common/db/database.h"
#include "common/rpc/stream.h"
#include "services/notifications/following/topic.h"
#include "services/notifications/recipients/confirmation_token.h"
#include "services/notifications/recipients/endpoint.h"

namespace masthead::notifications {

inline constexpr char kConfirmPath[] = "/c/";

// Thread-safe.
class ConfirmationLetters {
 public:
  // All outlive this; `asked` is rung when a letter is due.
  ConfirmationLetters(const ConfirmationTokens& tokens, const crypto::SealingKey& letters_key,
                      std::string public_base_url, rpc::Bell& asked)
      : tokens_(tokens), letters_key_(letters_key), public_base_url_(std::move(public_base_url)), asked_(asked) {}

  // Queues a letter in `tx` that asks about `topic`, or with null about the address only. At most one an hour about the
  // same: nobody's mailbox is flooded by somebody else's clicks.
  absl::Status Ask(db::Transaction& tx, const Recipient& recipient, const Endpoint& mailbox, const Topic* topic) const;

 private:
  const ConfirmationTokens& tokens_;
  const crypto::SealingKey& letters_key_;
  const std::string public_base_url_;
  rpc::Bell& asked_;
};

}  // namespace masthead::notifications
