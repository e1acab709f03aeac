#include "services/notifications/recipients/import_dialogue.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/crypto/mac.h"
#include "common/idempotency/mutation.h"
#include "common/resource/name.h"
#include "common/text/text.h"
#include "services/notifications/following/own_recipient.h"
#include "services/notifications/following/topic_proto.h"
#include "services/notifications/recipients/recipient_import_store.h"

namespace masthead::notifications {
namespace {

constexpr int kMaxRows = 1000;
constexpr int kMaxTopics = 100;

ImportRow ParseRow(const v1::ImportRecipientsRequest::Row& proto, std::set<std::string>& addresses) {
  ImportRow row = {.locale = proto.locale(), .time_zone = proto.time_zone(), .has_consent = proto.has_consent()};
  FieldViolations violations;
  row.consent = ParseConsent("consent", proto.consent(), violations);
  std::set<std::string> topics;
  for (const std::string& topic : proto.topics()) {
    if (!resource::ParseName(topic, "topics/*")) row.refusal = "TOPIC_NOT_FOUND";
    topics.insert(TopicIdOf(topic));
  }
  if (row.refusal.empty()) row.topic_ids = {topics.begin(), topics.end()};
  const absl::StatusOr<std::string> mailbox = text::MailboxAddress(proto.email_address());
  const absl::StatusOr<std::string> canonical = text::NormalizeEmail(proto.email_address());
  if (!violations.empty() || !IsLocale(row.locale) || proto.topics_size() > kMaxTopics) row.refusal = "INVALID_FIELD";
  if (!IsTimeZone(row.time_zone)) row.refusal = "UNKNOWN_TIME_ZONE";
  if (!mailbox.ok() || !canonical.ok()) {
    row.refusal = "INVALID_ADDRESS";
    return row;
  }
  row.mailbox = *mailbox;
  row.address_hash = crypto::Sha256(*canonical);
  if (!addresses.insert(row.address_hash).second) row.refusal = "DUPLICATE_ADDRESS";
  return row;
}

}  // namespace

absl::Status ImportDialogue::Take(const Scope& scope, const v1::ImportRecipientsRequest& request) {
  if (request.rows_size() > kMaxRows) {
    FieldViolations violations;
    violations.Add("rows", "must not have more than 1000 entries");
    return violations.ToStatus();
  }
  std::vector<ImportRow> parsed;
  std::set<std::string> addresses;
  for (const v1::ImportRecipientsRequest::Row& row : request.rows()) parsed.push_back(ParseRow(row, addresses));

  rpc::Call call = call_;
  call.scope = scope;
  v1::ImportRecipientsResponse answer;
  RETURN_IF_ERROR(idempotency::MutateAny(
      database_, call, request, "", answer, [&](db::Transaction& tx, idempotency::Change& change) -> absl::Status {
        std::vector<ImportRow> rows = parsed;
        const ImportCounts counts = ImportRows(tx, rows);
        change.resource = "recipients/-";
        answer = counts_;
        answer.set_created_count(counts_.created_count() + counts.created);
        answer.set_known_count(counts_.known_count() + counts.known);
        for (size_t i = 0; i < rows.size(); ++i) {
          if (rows[i].refusal.empty()) continue;
          v1::ImportRecipientsResponse::RefusedRow& refused = *answer.add_refused_rows();
          refused.set_row(rows_ + static_cast<int64_t>(i) + 1);
          refused.set_reason(rows[i].refusal);
        }
        answer.set_refused_count(counts_.refused_count() + answer.refused_rows_size());
        return absl::OkStatus();
      }));
  rows_ += request.rows_size();
  counts_ = answer;
  counts_.clear_refused_rows();
  answer_ = std::move(answer);
  return absl::OkStatus();
}

absl::Status ImportDialogue::TakeEnd(const Scope&) {
  ended_ = true;
  return absl::OkStatus();
}

absl::StatusOr<ImportDialogue::Next> ImportDialogue::Ask(const Scope&) {
  if (answer_) {
    Next next = Next::Message(*std::move(answer_));
    answer_.reset();
    return next;
  }
  return ended_ ? Next::End() : Next::Wait(absl::ZeroDuration());
}

}  // namespace masthead::notifications
