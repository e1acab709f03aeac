#include "services/memberships/members/consents_service.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/idempotency/mutation.h"
#include "services/memberships/errors.h"
#include "services/memberships/members/announcements.h"
#include "services/memberships/members/consent_store.h"
#include "services/memberships/members/member_proto.h"
#include "services/memberships/members/member_store.h"
#include "services/memberships/members/privacy.h"
#include "services/memberships/names.h"

namespace masthead::memberships {
namespace {

std::vector<std::string> Keyset(const Consent& consent) {
  return {absl::StrCat(absl::ToUnixMicros(consent.record_time)), consent.topic_id, absl::StrCat(consent.revision),
          consent.member_id};
}

std::optional<ConsentCursor> CursorOf(const std::vector<std::string>& keyset) {
  int64_t micros = 0;
  ConsentCursor cursor;
  if (keyset.size() != 4 || !absl::SimpleAtoi(keyset[0], &micros) || !absl::SimpleAtoi(keyset[2], &cursor.revision)) {
    return std::nullopt;
  }
  cursor.record_time = absl::FromUnixMicros(micros);
  cursor.topic_id = keyset[1];
  cursor.member_id = keyset[3];
  return cursor;
}

}  // namespace

void ConsentsService::Register(rpc::Service& service) {
  service.Unary("SetConsent", this, &ConsentsService::Set);
  service.Unary("ListConsents", this, &ConsentsService::List);
  service.Unary("ListConsentHistory", this, &ConsentsService::ListHistory);
}

absl::StatusOr<v1::Consent> ConsentsService::Set(const Call& call, const v1::SetConsentRequest& request) {
  FieldViolations violations;
  ChildId id = ChildIdIn("name", request.name(), "consents", violations);
  Consent said = {.member_id = std::move(id.member_id),
                  .topic_id = std::move(id.id),
                  .granted = request.granted(),
                  .source = request.source(),
                  .text_version = request.text_version()};
  CheckConsent(said, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckOwn(*call.caller, said.member_id));

  return idempotency::Mutate<v1::Consent>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Consent> {
        if (!LockMember(tx, said.member_id)) return MemberNotFound(said.member_id);
        const std::optional<Consent> latest = LoadConsent(tx, said.member_id, said.topic_id);
        if (!latest && LoadConsents(tx, said.member_id).size() >= kMaxConsents) return TooManyConsents(kMaxConsents);

        const Consent consent = SpeakAgain(latest, said, db::Now(tx));
        SaveConsent(tx, consent, call.caller->principal());
        if (ChangesAnything(latest, consent)) AnnounceConsent(tx, feed_, consent);
        change = {.resource = ConsentName(consent),
                  .revision_before = consent.revision - 1,
                  .revision_after = consent.revision};
        return ToProto(consent);
      });
}

absl::StatusOr<v1::ListConsentsResponse> ConsentsService::List(const Call& call,
                                                               const v1::ListConsentsRequest& request) {
  FieldViolations violations;
  const std::string member_id = IdIn("parent", request.parent(), "members", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckOwn(*call.caller, member_id));

  ASSIGN_OR_RETURN(const std::vector<Consent> consents,
                   database_.Read(call.scope, [&](db::Transaction& tx) { return LoadConsents(tx, member_id); }));
  v1::ListConsentsResponse response;
  for (const Consent& consent : consents) *response.add_consents() = ToProto(consent);
  return response;
}

absl::StatusOr<v1::ListConsentHistoryResponse> ConsentsService::ListHistory(
    const Call& call, const v1::ListConsentHistoryRequest& request) {
  FieldViolations violations;
  const std::string member_id = IdIn("parent", request.parent(), "members", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckOwn(*call.caller, member_id));
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(request.page_size(), 50, 1000));
  ASSIGN_OR_RETURN(const std::vector<std::string> after, page_tokens_.Read(call.caller->principal(), request));

  ASSIGN_OR_RETURN(const std::vector<ConsentRecord> history, database_.Read(call.scope, [&](db::Transaction& tx) {
    return LoadConsentHistory(tx, member_id, CursorOf(after), page_size + 1);
  }));
  v1::ListConsentHistoryResponse response;
  for (const ConsentRecord& record : history) {
    if (response.words_size() == page_size) {
      response.set_next_page_token(
          page_tokens_.Make(call.caller->principal(), request, Keyset(history[page_size - 1].consent)));
      break;
    }
    v1::ListConsentHistoryResponse::Word& word = *response.add_words();
    *word.mutable_consent() = ToProto(record.consent);
    if (SeesNotes(*call.caller)) word.set_principal(record.principal);
  }
  return response;
}

}  // namespace masthead::memberships
