// SignInService, changes of address: both the old and the new one confirm.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "masthead/memberships/v1/sign_in_service.pb.h"
#include "services/memberships/mail/outgoing_mail.h"
#include "services/memberships/signin/directory.h"
#include "services/memberships/signin/email_change_store.h"
#include "services/memberships/signin/sign_in_options.h"
#include "services/memberships/signin/sign_in_secrets.h"

namespace masthead::memberships {

class EmailChangeService {
 public:
  // `database`, `feed` and `address_keys` outlive this.
  EmailChangeService(db::Database& database, events::Feed& feed, const crypto::MacKey& mac_key, SignInOptions options,
                     const AddressKeys& address_keys);

  // Binds BeginEmailChange and CompleteEmailChange.
  void Register(rpc::Service& service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::BeginEmailChangeResponse> Begin(const Call& call, const v1::BeginEmailChangeRequest& request);
  absl::StatusOr<v1::CompleteEmailChangeResponse> Complete(const Call& call,
                                                           const v1::CompleteEmailChangeRequest& request);

  OutgoingMail Letter(absl::string_view address, absl::string_view token, absl::Time expire_time) const;

  db::Database& database_;
  const Directory directory_;
  const SignInSecrets secrets_;
  const SignInOptions options_;
};

}  // namespace masthead::memberships
