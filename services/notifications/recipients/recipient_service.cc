#include "services/notifications/recipients/recipient_service.h"

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/idempotency/mutation.h"
#include "common/ids/uuid.h"
#include "common/resource/etag.h"
#include "common/resource/field_mask.h"
#include "common/resource/timestamp.h"
#include "common/text/characters.h"
#include "services/notifications/errors.h"
#include "services/notifications/following/own_recipient.h"
#include "services/notifications/following/subscription_store.h"
#include "services/notifications/following/topic_proto.h"
#include "services/notifications/preferences/preference_store.h"
#include "services/notifications/preferences/preferences_proto.h"
#include "services/notifications/recipients/endpoint_store.h"
#include "services/notifications/recipients/import_dialogue.h"
#include "services/notifications/recipients/recipient_announcements.h"
#include "services/notifications/recipients/recipient_store.h"
#include "services/notifications/recipients/recipients_errors.h"

namespace masthead::notifications {
namespace {

using idempotency::Change;

constexpr int kDefaultPageSize = 50;
constexpr int kMaxPageSize = 1000;
constexpr int kExportedConsents = 1000;
constexpr int kExportedMessages = 1000;
constexpr absl::string_view kRecipientFields[] = {"locale", "time_zone"};
constexpr absl::string_view kPreferenceFields[] = {"muted_categories", "quiet_hours", "quiet_breaking", "caps",
                                                   "tracking"};

absl::Status ParseRecipient(const v1::Recipient& proto, const std::set<std::string>& fields, Recipient& recipient,
                            FieldViolations& violations) {
  if (fields.contains("locale")) {
    recipient.locale = proto.locale();
    if (!IsLocale(recipient.locale)) violations.Add("recipient.locale", "must be a BCP 47 tag");
  }
  if (fields.contains("time_zone")) recipient.time_zone = proto.time_zone();
  RETURN_IF_ERROR(violations.ToStatus());
  return IsTimeZone(recipient.time_zone) ? absl::OkStatus()
                                         : UnknownTimeZone(text::FirstCodePoints(recipient.time_zone, kMaxTimeZone));
}

Change ChangeOf(const Recipient& before) {
  return {.resource = RecipientName(before.id), .revision_before = before.revision, .revision_after = before.revision};
}

}  // namespace

RecipientService::RecipientService(db::Database& database, events::Feed& feed, const crypto::MacKey& key,
                                   const crypto::SealingKey& targets_key,
                                   const ConfirmationLetters& confirmation_letters)
    : database_(database),
      feed_(feed),
      page_tokens_(key),
      targets_key_(targets_key),
      confirmation_letters_(confirmation_letters),
      service_(*v1::CreateRecipientRequest::descriptor()->file()->FindServiceByName("RecipientService")) {
  service_.Unary("CreateRecipient", this, &RecipientService::CreateRecipient);
  service_.Unary("UpdateRecipient", this, &RecipientService::UpdateRecipient);
  service_.Unary("ListRecipients", this, &RecipientService::ListRecipients);
  service_.Unary("EraseRecipient", this, &RecipientService::EraseRecipient);
  service_.Unary("ExportRecipient", this, &RecipientService::ExportRecipient);
  service_.BidiStream("ImportRecipients", this, &RecipientService::ImportRecipients);
  service_.Unary("CreateEndpoint", this, &RecipientService::CreateEndpoint);
  service_.Unary("GetEndpoint", this, &RecipientService::GetEndpoint);
  service_.Unary("ListEndpoints", this, &RecipientService::ListEndpoints);
  service_.Unary("UpdateEndpoint", this, &RecipientService::UpdateEndpoint);
  service_.Unary("DeleteEndpoint", this, &RecipientService::DeleteEndpoint);
  service_.Unary("GetPreferences", this, &RecipientService::GetPreferences);
  service_.Unary("UpdatePreferences", this, &RecipientService::UpdatePreferences);
}

absl::StatusOr<v1::Recipient> RecipientService::CreateRecipient(const Call& call,
                                                                const v1::CreateRecipientRequest& request) {
  FieldViolations violations;
  if (!request.has_recipient()) violations.Add("recipient", "is required");
  Recipient wanted;
  RETURN_IF_ERROR(ParseRecipient(request.recipient(), {"locale", "time_zone"}, wanted, violations));
  return idempotency::Mutate<v1::Recipient>(
      database_, call, request, [&](db::Transaction& tx, Change& change) -> absl::StatusOr<v1::Recipient> {
        Recipient recipient = wanted;
        recipient.id = ids::NewUuid();
        InsertRecipient(tx, recipient);
        change = {.resource = RecipientName(recipient.id), .revision_after = recipient.revision};
        return ToProto(recipient);
      });
}

absl::StatusOr<v1::Recipient> RecipientService::UpdateRecipient(const Call& call,
                                                                const v1::UpdateRecipientRequest& request) {
  const std::string& name = request.recipient().name();
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, IdsIn("recipient.name", name, "recipients/*"));
  FieldViolations violations;
  const std::set<std::string> fields =
      resource::FieldsToUpdate(request.update_mask(), request.recipient(), kRecipientFields, violations);
  Recipient checked;
  RETURN_IF_ERROR(ParseRecipient(request.recipient(), fields, checked, violations));
  return idempotency::Mutate<v1::Recipient>(
      database_, call, request, [&](db::Transaction& tx, Change& change) -> absl::StatusOr<v1::Recipient> {
        std::optional<Recipient> recipient = LockRecipient(tx, ids[0], OnlyOwn(call));
        if (!recipient || recipient->state != "ACTIVE") return RecipientNotFound(name);
        if (!recipient->anonymous) return RecipientOfAMember(name);
        RETURN_IF_ERROR(resource::CheckEtag(request.recipient().etag(), recipient->revision, name));
        change = ChangeOf(*recipient);
        RETURN_IF_ERROR(ParseRecipient(request.recipient(), fields, *recipient, violations));
        SaveRecipient(tx, *recipient);
        change.revision_after = recipient->revision;
        return ToProto(*recipient);
      });
}

absl::StatusOr<v1::ListRecipientsResponse> RecipientService::ListRecipients(const Call& call,
                                                                            const v1::ListRecipientsRequest& request) {
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(request.page_size(), kDefaultPageSize, kMaxPageSize));
  ASSIGN_OR_RETURN(const std::vector<std::string> keyset, page_tokens_.Read(call.caller->principal(), request));
  int64_t after = 0;
  if (!keyset.empty() && !absl::SimpleAtoi(keyset[0], &after))
    return absl::InternalError("a page token without a number");
  ASSIGN_OR_RETURN(const std::vector<Recipient> recipients, database_.Read(call.scope, [&](db::Transaction& tx) {
    return LoadRecipients(tx, after, request.anonymous_only(), page_size + 1);
  }));
  v1::ListRecipientsResponse response;
  for (const Recipient& recipient : recipients) {
    if (response.recipients_size() == page_size) {
      const int64_t last = recipients[static_cast<size_t>(page_size) - 1].number;
      response.set_next_page_token(page_tokens_.Make(call.caller->principal(), request, {absl::StrCat(last)}));
      break;
    }
    *response.add_recipients() = ToProto(recipient);
  }
  return response;
}

absl::StatusOr<v1::Recipient> RecipientService::EraseRecipient(const Call& call,
                                                               const v1::EraseRecipientRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, IdsIn("name", request.name(), "recipients/*"));
  return idempotency::Mutate<v1::Recipient>(
      database_, call, request, [&](db::Transaction& tx, Change& change) -> absl::StatusOr<v1::Recipient> {
        const std::optional<Recipient> recipient = LockRecipient(tx, ids[0], OnlyOwn(call));
        if (!recipient) return RecipientNotFound(request.name());
        if (!recipient->anonymous) return RecipientOfAMember(request.name());
        change = ChangeOf(*recipient);
        if (recipient->state == "DELETED") return ToProto(*recipient);
        EraseRecipients(tx, {recipient->id});
        AnnounceErasure(tx, feed_, *recipient);
        const Recipient erased = LoadRecipient(tx, recipient->number).value();
        change.revision_after = erased.revision;
        return ToProto(erased);
      });
}

absl::StatusOr<v1::ExportRecipientResponse> RecipientService::ExportRecipient(
    const Call& call, const v1::ExportRecipientRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, IdsIn("name", request.name(), "recipients/*"));
  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::ExportRecipientResponse> {
    const std::optional<Recipient> recipient = LoadRecipient(tx, ids[0], OnlyOwn(call));
    if (!recipient) return RecipientNotFound(request.name());
    v1::ExportRecipientResponse response;
    *response.mutable_recipient() = ToProto(*recipient);
    for (const Endpoint& endpoint : LoadEndpoints(tx, recipient->number)) {
      ASSIGN_OR_RETURN(const EndpointTarget target, TargetOf(endpoint, recipient->id));
      v1::ExportRecipientResponse::HeldEndpoint& held = *response.add_endpoints();
      ASSIGN_OR_RETURN(*held.mutable_endpoint(), Show(endpoint, recipient->id));
      held.set_address(endpoint.channel == kEmail ? endpoint.mailbox : target.phone_number);
    }
    *response.mutable_preferences() = ToProto(LoadPreferences(tx, recipient->number), recipient->id);
    for (const Subscription& subscription : LoadSubscriptions(tx, *recipient, "", kMaxSubscriptions)) {
      *response.add_subscriptions() = ToProto(subscription);
    }
    for (const RecordedConsent& consent : LoadConsents(tx, *recipient, kExportedConsents)) {
      v1::ExportRecipientResponse::HeldConsent& held = *response.add_consents();
      held.set_topic(TopicName(consent.topic_id));
      v1::Subscription::State state = v1::Subscription::STATE_UNSPECIFIED;
      v1::Subscription::State_Parse(consent.state, &state);
      held.set_state(state);
      *held.mutable_consent() = ToProto(consent.consent);
    }
    for (const RecipientDelivery& delivery : LoadDeliveriesOf(tx, recipient->number, kExportedMessages)) {
      v1::ExportRecipientResponse::HeldDelivery& held = *response.add_deliveries();
      held.set_message(absl::StrCat("messages/", delivery.message_id));
      held.set_state(delivery.state);
      *held.mutable_message_time() = resource::ToTimestamp(delivery.message_time);
    }
    return response;
  });
}

absl::StatusOr<std::unique_ptr<RecipientService::ImportStream>> RecipientService::ImportRecipients(const Call& call) {
  return std::make_unique<ImportDialogue>(database_, call);
}

absl::StatusOr<v1::Preferences> RecipientService::GetPreferences(const Call& call,
                                                                 const v1::GetPreferencesRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, RecipientOfPreferences("name", request.name()));
  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::Preferences> {
    const std::optional<Recipient> recipient = LoadRecipient(tx, id, OnlyOwn(call));
    if (!recipient || recipient->state != "ACTIVE") return RecipientNotFound(RecipientName(id));
    return ToProto(LoadPreferences(tx, recipient->number), id);
  });
}

absl::StatusOr<v1::Preferences> RecipientService::UpdatePreferences(const Call& call,
                                                                    const v1::UpdatePreferencesRequest& request) {
  const v1::Preferences& wanted = request.preferences();
  ASSIGN_OR_RETURN(const std::string id, RecipientOfPreferences("preferences.name", wanted.name()));
  FieldViolations violations;
  const std::set<std::string> fields =
      resource::FieldsToUpdate(request.update_mask(), wanted, kPreferenceFields, violations);
  Preferences checked;
  ParsePreferences(wanted, fields, checked, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return idempotency::Mutate<v1::Preferences>(
      database_, call, request, [&](db::Transaction& tx, Change& change) -> absl::StatusOr<v1::Preferences> {
        const std::optional<Recipient> recipient = LockRecipient(tx, id, OnlyOwn(call));
        if (!recipient || recipient->state != "ACTIVE") return RecipientNotFound(RecipientName(id));
        Preferences preferences = LoadPreferences(tx, recipient->number);
        RETURN_IF_ERROR(resource::CheckEtag(wanted.etag(), preferences.revision, wanted.name()));
        change = {.resource = wanted.name(), .revision_before = preferences.revision};
        ParsePreferences(wanted, fields, preferences, violations);
        SavePreferences(tx, recipient->number, preferences);
        change.revision_after = preferences.revision;
        return ToProto(preferences, id);
      });
}

}  // namespace masthead::notifications
