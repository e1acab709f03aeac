#include "services/notifications/inbox/inbox_service.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/idempotency/mutation.h"
#include "common/resource/field_mask.h"
#include "common/resource/name.h"
#include "services/notifications/errors.h"
#include "services/notifications/following/own_recipient.h"
#include "services/notifications/following/subscription_store.h"
#include "services/notifications/inbox/inbox_errors.h"
#include "services/notifications/inbox/inbox_proto.h"
#include "services/notifications/inbox/inbox_store.h"
#include "services/notifications/inbox/inbox_stream.h"

namespace masthead::notifications {
namespace {

constexpr int kDefaultPageSize = 50;
constexpr int kMaxPageSize = 1000;
constexpr int kMaxArchivedAtOnce = 500;
constexpr int kDefaultBacklog = 100;
constexpr int kMaxBacklog = 500;
constexpr absl::string_view kMutableFields[] = {"read", "archived"};

absl::StatusOr<Recipient> FindRecipient(db::Transaction& tx, const rpc::Call& call, const std::string& id) {
  std::optional<Recipient> recipient = LoadRecipient(tx, id, OnlyOwn(call));
  if (!recipient || recipient->state != "ACTIVE") return RecipientNotFound(RecipientName(id));
  return *std::move(recipient);
}

}  // namespace

InboxService::InboxService(db::Database& database, const crypto::MacKey& key, InboxHub& hub)
    : database_(database),
      page_tokens_(key),
      hub_(hub),
      service_(*v1::ListInboxItemsRequest::descriptor()->file()->FindServiceByName("InboxService")) {
  service_.Unary("ListInboxItems", this, &InboxService::List);
  service_.Unary("GetInboxCounts", this, &InboxService::Count);
  service_.Unary("UpdateInboxItem", this, &InboxService::Update);
  service_.Unary("MarkInboxRead", this, &InboxService::MarkRead);
  service_.Unary("ArchiveInboxItems", this, &InboxService::Archive);
  service_.ServerStream("StreamInbox", this, &InboxService::Stream, &hub.news());
}

absl::StatusOr<v1::ListInboxItemsResponse> InboxService::List(const Call& call,
                                                              const v1::ListInboxItemsRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, IdsIn("parent", request.parent(), "recipients/*"));
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(request.page_size(), kDefaultPageSize, kMaxPageSize));
  ASSIGN_OR_RETURN(const std::vector<std::string> keyset, page_tokens_.Read(call.caller->principal(), request));
  int64_t before = 0;
  if (!keyset.empty() && !absl::SimpleAtoi(keyset[0], &before)) {
    return absl::InternalError("a page token of another keyset");
  }

  ASSIGN_OR_RETURN(const std::vector<InboxItem> items,
                   database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<std::vector<InboxItem>> {
                     ASSIGN_OR_RETURN(const Recipient recipient, FindRecipient(tx, call, ids[0]));
                     return LoadInboxItems(
                         tx, recipient.number,
                         {.unread_only = request.unread_only(), .archived_too = request.show_archived()}, before,
                         page_size + 1);
                   }));
  v1::ListInboxItemsResponse response;
  for (const InboxItem& item : items) {
    if (response.inbox_items_size() == page_size) {
      response.set_next_page_token(
          page_tokens_.Make(call.caller->principal(), request, {absl::StrCat(items[page_size - 1].seq)}));
      break;
    }
    *response.add_inbox_items() = ToProto(ids[0], item);
  }
  return response;
}

absl::StatusOr<v1::InboxCounts> InboxService::Count(const Call& call, const v1::GetInboxCountsRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, IdsIn("parent", request.parent(), "recipients/*"));
  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::InboxCounts> {
    ASSIGN_OR_RETURN(const Recipient recipient, FindRecipient(tx, call, ids[0]));
    return ToProto(LoadInboxHead(tx, recipient.number));
  });
}

absl::StatusOr<v1::InboxItem> InboxService::Update(const Call& call, const v1::UpdateInboxItemRequest& request) {
  const v1::InboxItem& wanted = request.inbox_item();
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   IdsIn("inbox_item.name", wanted.name(), "recipients/*/inboxItems/*"));
  FieldViolations violations;
  const std::set<std::string> fields =
      resource::FieldsToUpdate(request.update_mask(), wanted, kMutableFields, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return idempotency::Mutate<v1::InboxItem>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::InboxItem> {
        ASSIGN_OR_RETURN(const Recipient recipient, FindRecipient(tx, call, ids[0]));
        const InboxHead before = LockInboxHead(tx, recipient.number);
        if (!LoadInboxItem(tx, recipient.number, ids[1])) return InboxItemNotFound(wanted.name());
        if (fields.contains("read")) SetInboxItemRead(tx, recipient.number, ids[1], wanted.read());
        if (fields.contains("archived")) SetInboxItemsArchived(tx, recipient.number, {ids[1]}, wanted.archived());
        change = {.resource = wanted.name(),
                  .revision_before = before.seq,
                  .revision_after = LoadInboxHead(tx, recipient.number).seq};
        tx.AfterCommit([this] { hub_.changed().Ring(); });
        return ToProto(recipient.id, *LoadInboxItem(tx, recipient.number, ids[1]));
      });
}

absl::StatusOr<v1::InboxCounts> InboxService::MarkRead(const Call& call, const v1::MarkInboxReadRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, IdsIn("parent", request.parent(), "recipients/*"));
  FieldViolations violations;
  if (request.up_to_seq() < 0) violations.Add("up_to_seq", "must not be negative");
  RETURN_IF_ERROR(violations.ToStatus());

  return idempotency::Mutate<v1::InboxCounts>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::InboxCounts> {
        ASSIGN_OR_RETURN(const Recipient recipient, FindRecipient(tx, call, ids[0]));
        const InboxHead before = LockInboxHead(tx, recipient.number);
        if (request.up_to_seq() > before.seq) return ResumeSeqAhead(request.up_to_seq());
        if (request.seen_only()) {
          MarkInboxSeen(tx, recipient.number, request.up_to_seq());
        } else {
          MarkInboxRead(tx, recipient.number, request.up_to_seq());
        }
        const InboxHead after = LoadInboxHead(tx, recipient.number);
        change = {.resource = request.parent(), .revision_before = before.seq, .revision_after = after.seq};
        tx.AfterCommit([this] { hub_.changed().Ring(); });
        return ToProto(after);
      });
}

absl::StatusOr<v1::InboxCounts> InboxService::Archive(const Call& call, const v1::ArchiveInboxItemsRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, IdsIn("parent", request.parent(), "recipients/*"));
  FieldViolations violations;
  if (request.names().empty() || request.names_size() > kMaxArchivedAtOnce) {
    violations.Add("names", absl::StrCat("must have 1 to ", kMaxArchivedAtOnce, " entries"));
  }
  std::set<std::string> items;
  for (const std::string& name : request.names()) {
    const auto item = resource::ParseName(name, "recipients/*/inboxItems/*");
    if (!item || (*item)[0] != ids[0]) {
      violations.Add("names", "must be names of inbox items of `parent`");
      break;
    }
    items.insert((*item)[1]);
  }
  RETURN_IF_ERROR(violations.ToStatus());

  return idempotency::Mutate<v1::InboxCounts>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::InboxCounts> {
        ASSIGN_OR_RETURN(const Recipient recipient, FindRecipient(tx, call, ids[0]));
        const InboxHead before = LockInboxHead(tx, recipient.number);
        for (const std::string& item : items) {
          if (!LoadInboxItem(tx, recipient.number, item)) return InboxItemNotFound(InboxItemName(ids[0], item));
        }
        SetInboxItemsArchived(tx, recipient.number, {items.begin(), items.end()}, true);
        const InboxHead after = LoadInboxHead(tx, recipient.number);
        change = {.resource = request.parent(), .revision_before = before.seq, .revision_after = after.seq};
        tx.AfterCommit([this] { hub_.changed().Ring(); });
        return ToProto(after);
      });
}

absl::StatusOr<std::unique_ptr<rpc::Stream<v1::StreamInboxResponse>>> InboxService::Stream(
    const Call& call, const v1::StreamInboxRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, IdsIn("parent", request.parent(), "recipients/*"));
  FieldViolations violations;
  if (request.resume_seq() < 0) violations.Add("resume_seq", "must not be negative");
  if (request.max_backlog() < 0 || request.max_backlog() > kMaxBacklog) {
    violations.Add("max_backlog", absl::StrCat("must be 0 to ", kMaxBacklog));
  }
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(Recipient recipient,
                   database_.Read(call.scope, [&](db::Transaction& tx) { return FindRecipient(tx, call, ids[0]); }));
  return std::make_unique<InboxStream>(database_, hub_, recipient, request.resume_seq(),
                                       request.max_backlog() == 0 ? kDefaultBacklog : request.max_backlog());
}

}  // namespace masthead::notifications
