#include "services/memberships/signin/email_change_service.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/idempotency/mutation.h"
#include "common/ids/uuid.h"
#include "common/resource/timestamp.h"
#include "services/memberships/errors.h"
#include "services/memberships/members/privacy.h"
#include "services/memberships/names.h"
#include "services/memberships/signin/challenge_store.h"
#include "services/memberships/signin/sign_in_errors.h"
#include "services/memberships/signin/sign_in_proto.h"

namespace masthead::memberships {
namespace {

constexpr absl::Duration kLifetime = absl::Hours(24);

}  // namespace

EmailChangeService::EmailChangeService(db::Database& database, events::Feed& feed, const crypto::MacKey& mac_key,
                                       SignInOptions options, const AddressKeys& address_keys)
    : database_(database), directory_(feed, address_keys), secrets_(mac_key), options_(std::move(options)) {}

void EmailChangeService::Register(rpc::Service& service) {
  service.Unary("BeginEmailChange", this, &EmailChangeService::Begin);
  service.Unary("CompleteEmailChange", this, &EmailChangeService::Complete);
}

absl::StatusOr<v1::BeginEmailChangeResponse> EmailChangeService::Begin(const Call& call,
                                                                       const v1::BeginEmailChangeRequest& request) {
  FieldViolations violations;
  const std::string member_id = IdIn("member", request.member(), "members", violations);
  const EmailAddress wanted = CheckEmail("email", request.email(), violations);
  const std::string network = ParseNetwork("client_address", request.client_address(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckOwn(*call.caller, member_id));
  const Asker asker = {.address_key = secrets_.AddressKey(wanted.normal), .network_key = secrets_.NetworkKey(network)};
  const LinkSecret to_old = NewLinkSecret(), to_new = NewLinkSecret();

  return idempotency::Mutate<v1::BeginEmailChangeResponse>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& audit) -> absl::StatusOr<v1::BeginEmailChangeResponse> {
        const RecentRequests recent = LockRecentRequests(tx, asker);
        const absl::Duration wait = WaitBeforeRequest(recent);
        if (wait > absl::ZeroDuration()) return TooManySignIns(wait);
        ASSIGN_OR_RETURN(const std::optional<EmailAddress> present, directory_.LockAddressOf(tx, member_id));
        if (!present) return MemberNotFound(member_id);
        InsertRequest(tx, asker, recent.now);
        EmailChange change = {.id = ids::NewUuid(recent.now),
                              .member_id = member_id,
                              .sealed_address = "",
                              .old_token_hash = to_old.hash,
                              .new_token_hash = to_new.hash,
                              .create_time = recent.now,
                              .expire_time = recent.now + kLifetime};
        change.sealed_address = secrets_.SealAddress(change.id, wanted);
        InsertEmailChange(tx, change);
        QueueMail(tx, Letter(present->mailbox, to_old.text, change.expire_time), recent.now);
        const std::string holder = directory_.FindMember(tx, wanted);
        const bool taken = !holder.empty() && holder != member_id;
        const OutgoingMail to_wanted = Letter(wanted.mailbox, to_new.text, change.expire_time);
        // Who asks does not learn whose the address is, neither by the answer nor by its time.
        taken ? QueueNoMail(tx, to_wanted, recent.now) : QueueMail(tx, to_wanted, recent.now);
        audit.resource = MemberName(member_id);
        v1::BeginEmailChangeResponse response;
        *response.mutable_expire_time() = resource::ToTimestamp(change.expire_time);
        return response;
      });
}

absl::StatusOr<v1::CompleteEmailChangeResponse> EmailChangeService::Complete(
    const Call& call, const v1::CompleteEmailChangeRequest& request) {
  FieldViolations violations;
  CheckSecret("token", request.token(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  const std::string token_hash = LinkSecretHash(request.token());

  return idempotency::Mutate<v1::CompleteEmailChangeResponse>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& audit) -> absl::StatusOr<v1::CompleteEmailChangeResponse> {
        std::optional<EmailChange> change = LockEmailChange(tx, token_hash);
        const absl::Time now = db::Now(tx);
        if (!change || now >= change->expire_time) return SignInFailed();
        audit.resource = MemberName(change->member_id);
        v1::CompleteEmailChangeResponse response;
        response.set_changed(change->complete_time.has_value());
        if (change->complete_time) return response;
        std::optional<absl::Time>& confirmed =
            token_hash == change->old_token_hash ? change->old_confirm_time : change->new_confirm_time;
        if (!confirmed) confirmed = now;
        if (change->old_confirm_time && change->new_confirm_time) {
          ASSIGN_OR_RETURN(const EmailAddress wanted, secrets_.OpenAddress(change->id, change->sealed_address));
          RETURN_IF_ERROR(directory_.ChangeAddress(tx, change->member_id, wanted, now));
          change->complete_time = now;
        }
        SaveEmailChange(tx, *change);
        response.set_changed(change->complete_time.has_value());
        return response;
      });
}

OutgoingMail EmailChangeService::Letter(absl::string_view address, absl::string_view token,
                                        absl::Time expire_time) const {
  OutgoingMail mail;
  mail.template_id = "email-change";
  mail.address = std::string(address);
  mail.values = {{"link", absl::StrCat(options_.email_change_url, "?token=", token)}};
  mail.expire_time = expire_time;
  return mail;
}

}  // namespace masthead::memberships
