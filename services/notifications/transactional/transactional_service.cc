#include "services/notifications/transactional/transactional_service.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/failpoint/failpoint.h"
#include "common/idempotency/mutation.h"
#include "common/ids/uuid.h"
#include "common/resource/name.h"
#include "common/resource/timestamp.h"
#include "common/text/text.h"
#include "services/notifications/errors.h"
#include "services/notifications/following/topic.h"
#include "services/notifications/messages/message_proto.h"
#include "services/notifications/templates/filled_letter.h"
#include "services/notifications/templates/template_store.h"
#include "services/notifications/transactional/letter_queue.h"

namespace masthead::notifications {
namespace {

constexpr size_t kMaxValues = 32;
constexpr size_t kMaxNameBytes = 64;
constexpr int64_t kMaxValue = 4000;
constexpr size_t kMaxLocale = 35;
constexpr absl::Duration kMaxExpiry = absl::Hours(7 * 24);

struct Letter {
  std::string template_id;
  std::string member_id;  // Empty if it goes to an address.
  std::string locale;
  LetterSecrets secrets;
  absl::Time expire_time;
};

std::string LastId(absl::string_view field, absl::string_view name, const char* pattern, FieldViolations& violations) {
  auto ids = resource::ParseName(name, pattern);
  if (ids) return std::move(ids->front());
  violations.Add(field, absl::StrCat("must be a resource name `", pattern, "`"));
  return "";
}

bool IsSlotName(absl::string_view name) {
  return !name.empty() && name.size() <= kMaxNameBytes &&
         std::all_of(name.begin(), name.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

Values ParseValues(const google::protobuf::Map<std::string, std::string>& proto, FieldViolations& violations) {
  if (proto.size() > kMaxValues) {
    violations.Add("values", absl::StrCat("must have at most ", kMaxValues, " entries"));
    return {};
  }
  Values values(proto.begin(), proto.end());
  for (auto& [name, value] : values) {
    if (!IsSlotName(name)) violations.Add("values", "names must have 1 to 64 of `a` to `z` and `_`");
    text::CheckText("values", value, kMaxValue, /*required=*/false, violations);
  }
  return values;
}

bool IsLanguageTag(absl::string_view locale) {
  return locale.size() <= kMaxLocale && std::all_of(locale.begin(), locale.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
         });
}

Letter ParseLetter(const v1::SendTransactionalRequest& request, FieldViolations& violations) {
  Letter letter;
  letter.template_id = LastId("template", request.template_(), "templates/*", violations);
  if (request.has_member()) letter.member_id = LastId("member", request.member(), "members/*", violations);
  if (request.has_address()) {
    const absl::StatusOr<std::string> mailbox = text::MailboxAddress(request.address());
    if (!mailbox.ok()) violations.Add("address", "must be an e-mail address");
    letter.secrets.mailbox = mailbox.value_or("");
  } else if (!request.has_member()) {
    violations.Add("address", "must be set, or `member`");
  }
  letter.locale = request.locale();
  if (!IsLanguageTag(letter.locale)) violations.Add("locale", "must be a BCP 47 tag");
  letter.secrets.values = ParseValues(request.values(), violations);
  letter.expire_time = resource::ParseTimestamp("expire_time", request.expire_time(), violations);
  if (!ids::IsUuid(request.request_id())) violations.Add("request_id", "must be a UUID");
  return letter;
}

absl::Status CheckExpiry(const Letter& letter, absl::Time now) {
  FieldViolations violations;
  if (letter.expire_time <= now || letter.expire_time > now + kMaxExpiry) {
    violations.Add("expire_time", "must be in the future, at most 7 days ahead");
  }
  return violations.ToStatus();
}

// What cannot be sent is refused now, while somebody is there to hear it.
absl::Status CheckReadable(db::Transaction& tx, const Letter& letter, int revision) {
  const std::optional<TemplateText> text = LoadTemplateText(tx, letter.template_id, revision, letter.locale);
  if (!text) return TemplateNotFound(absl::StrCat("templates/", letter.template_id));
  return FillTemplate(*text, letter.secrets.values).status();
}

}  // namespace

TransactionalService::TransactionalService(db::Database& database, const crypto::SealingKey& letters_key,
                                           rpc::Bell& asked)
    : database_(database),
      letters_key_(letters_key),
      asked_(asked),
      service_(*v1::SendTransactionalRequest::descriptor()->file()->FindServiceByName("TransactionalService")) {
  service_.Unary("SendTransactional", this, &TransactionalService::Send);
}

absl::StatusOr<v1::Message> TransactionalService::Send(const Call& call, const v1::SendTransactionalRequest& request) {
  FieldViolations violations;
  const Letter letter = ParseLetter(request, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return idempotency::Mutate<v1::Message>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Message> {
        RETURN_IF_ERROR(CheckExpiry(letter, db::Now(tx)));
        const std::optional<int> revision = LoadNewestRevision(tx, letter.template_id);
        if (!revision) return TemplateNotFound(request.template_());
        RETURN_IF_ERROR(CheckReadable(tx, letter, *revision));
        std::optional<MemberEndpoint> endpoint;
        if (!letter.member_id.empty()) endpoint = LoadMemberEndpoint(tx, letter.member_id);
        if (!letter.member_id.empty() && !endpoint) return RecipientNotFound(RecipientName(letter.member_id));
        const Message message =
            QueueLetter(tx, letters_key_,
                        {.template_id = letter.template_id,
                         .template_revision = *revision,
                         .dedupe_key = absl::StrCat(call.caller->principal(), "/", request.request_id()),
                         .locale = letter.locale,
                         .expire_time = letter.expire_time,
                         .to = endpoint.value_or(MemberEndpoint()),
                         .secrets = letter.secrets});
        change = {.resource = MessageName(message.id), .revision_before = 0, .revision_after = message.revision};
        failpoint::Hit("notifications.letter.accepted");
        tx.AfterCommit([this] { asked_.Ring(); });
        return ToProto(message);
      });
}

}  // namespace masthead::notifications
