#include "services/memberships/mail/mail_worker.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/failpoint/failpoint.h"
#include "common/resource/timestamp.h"
#include "common/rpc/channel.h"
#include "common/telemetry/log.h"
#include "common/telemetry/metrics.h"
#include "services/memberships/mail/mail_key.h"
#include "services/memberships/mail/sealed_mail.h"

namespace masthead::memberships {
namespace {

// Somebody stares at an inbox: looked for often. An empty queue costs one look into an index.
constexpr absl::Duration kPoll = absl::Milliseconds(50);
constexpr absl::Duration kPauseAfterFailure = absl::Milliseconds(500);
constexpr absl::Duration kPatience = absl::Seconds(5);
// Longer than one attempt may take, with its transactions.
constexpr absl::Duration kLease = absl::Seconds(30);
constexpr absl::Duration kFirstWait = absl::Seconds(1);
constexpr absl::Duration kLongestWait = absl::Minutes(5);
// What notifications takes at most; a letter that may wait longer is asked for again then.
constexpr absl::Duration kMostAhead = absl::Hours(6 * 24);

absl::Duration WaitAfter(int attempts) {
  return std::min(kFirstWait * (1 << std::min(attempts - 1, 10)), kLongestWait);
}

// Whether the same letter may be taken another time. A member whom notifications has not heard of yet will be known
// soon.
bool MayPassLater(const absl::Status& sent) {
  return !absl::IsInvalidArgument(sent) && !absl::IsFailedPrecondition(sent) && !absl::IsDataLoss(sent) &&
         (!absl::IsNotFound(sent) || ErrorReason(sent) == "RECIPIENT_NOT_FOUND");
}

prometheus::Counter& Outcome(const std::string& outcome) {
  return telemetry::Counter("masthead_outgoing_mail_total", "Letters for notifications by what became of them.",
                            {{"outcome", outcome}});
}

}  // namespace

MailWorker::MailWorker(db::Database& database, const std::shared_ptr<grpc::Channel>& notifications)
    : database_(database),
      notifications_(notifications::v1::TransactionalService::NewStub(notifications)),
      thread_("memberships.mail", [this](const Scope& scope) { return SendAll(scope); }) {}

absl::Duration MailWorker::SendAll(const Scope& scope) {
  while (!scope.cancelled()) {
    const absl::StatusOr<bool> more = Step(scope);
    if (!more.ok()) {
      if (!absl::IsCancelled(more.status())) {
        telemetry::Warning("a letter was not handed over and will be tried again",
                           {{"code", absl::StatusCodeToString(more.status().code())}});
      }
      return kPauseAfterFailure;
    }
    if (!*more) break;
  }
  return kPoll;
}

absl::StatusOr<bool> MailWorker::Step(const Scope& scope) {
  ASSIGN_OR_RETURN(std::optional<DueMail> due,
                   database_.Write(scope, [](db::Transaction& tx) { return TakeDueMail(tx, kLease); }));
  if (!due) return false;
  absl::Status sent = absl::DeadlineExceededError("too old");
  if (due->mail.expire_time > due->now) {
    sent = OpenMail(*MailKey(), due->id, due->sealed, due->mail);
    if (sent.ok()) sent = Send(*due);
  }
  RETURN_IF_ERROR(Settle(scope, *due, sent));
  return true;
}

absl::Status MailWorker::Send(const DueMail& due) {
  failpoint::Hit("memberships.mail.before_send");
  notifications::v1::SendTransactionalRequest request;
  request.set_template_(absl::StrCat("templates/", due.mail.template_id));
  if (due.mail.member_id.empty()) {
    request.set_address(due.mail.address);
  } else {
    request.set_member(absl::StrCat("members/", due.mail.member_id));
  }
  request.set_locale(due.mail.locale);
  for (const auto& [name, value] : due.mail.values) (*request.mutable_values())[name] = value;
  *request.mutable_expire_time() = resource::ToTimestamp(std::min(due.mail.expire_time, due.now + kMostAhead));
  request.set_request_id(due.id);
  grpc::ClientContext context;
  rpc::Prepare(context, absl::Now() + kPatience);
  notifications::v1::Message message;
  const absl::Status sent = rpc::FromGrpcStatus(notifications_->SendTransactional(&context, request, &message));
  failpoint::Hit("memberships.mail.sent");
  return sent;
}

absl::Status MailWorker::Settle(const Scope& scope, const DueMail& due, const absl::Status& sent) {
  const bool is_late = due.mail.expire_time <= due.now;
  const bool give_up = !sent.ok() && (is_late || !MayPassLater(sent));
  RETURN_IF_ERROR(database_.Write(scope, [&](db::Transaction& tx) {
    if (sent.ok() || give_up) {
      RemoveMail(tx, due.id);
    } else {
      PostponeMail(tx, due.id, WaitAfter(due.attempts));
    }
    return absl::OkStatus();
  }));
  Outcome(sent.ok() ? "sent" : give_up ? "given_up" : "postponed").Increment();
  if (sent.ok()) return absl::OkStatus();
  // Never what the status says in words: notifications might repeat an address.
  telemetry::Log(give_up ? telemetry::Severity::kError : telemetry::Severity::kWarning,
                 give_up ? "a letter was given up" : "a letter waits for notifications",
                 {{"template", due.mail.template_id},
                  {"code", absl::StatusCodeToString(sent.code())},
                  {"reason", ErrorReason(sent)},
                  {"attempts", absl::StrCat(due.attempts)}});
  return absl::OkStatus();
}

}  // namespace masthead::memberships
