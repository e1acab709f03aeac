// Inboxes in Postgres. Whatever adds an entry locks the recipient's head, so that entries are numbered in the order of
// their commits: who has read up to an entry will never find an earlier one that was not there.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/notifications/inbox/inbox.h"

namespace masthead::notifications {

// Puts `item` into the inbox of each of these recipients who does not have it yet.
void AddInboxItem(db::Transaction& tx, const std::vector<int64_t>& recipient_numbers, const InboxItem& item);

InboxHead LoadInboxHead(db::Transaction& tx, int64_t recipient_number);
// Changes of one inbox wait for one another until `tx` ends.
InboxHead LockInboxHead(db::Transaction& tx, int64_t recipient_number);
// The newest entries' numbers, by recipient; of those who have any.
std::map<int64_t, int64_t> LoadInboxSeqs(db::Transaction& tx, const std::vector<int64_t>& recipient_numbers);

struct InboxFilter {
  bool unread_only = false;
  bool archived_too = false;
};

// Newest first, older than entry `before` if that is not 0.
std::vector<InboxItem> LoadInboxItems(db::Transaction& tx, int64_t recipient_number, const InboxFilter& filter,
                                      int64_t before, int limit);
std::optional<InboxItem> LoadInboxItem(db::Transaction& tx, int64_t recipient_number, absl::string_view id);

// Entries in (after, up_to], oldest first, at most `limit` of each kind.
std::vector<InboxItem> LoadInboxItemsAfter(db::Transaction& tx, int64_t recipient_number, int64_t after, int64_t up_to,
                                           int limit);
std::vector<InboxChange> LoadInboxChangesAfter(db::Transaction& tx, int64_t recipient_number, int64_t after,
                                               int64_t up_to, int limit);

// These change items of an inbox that `tx` has locked, and add an entry that says so if anything changed.
void MarkInboxSeen(db::Transaction& tx, int64_t recipient_number, int64_t up_to_seq);
void MarkInboxRead(db::Transaction& tx, int64_t recipient_number, int64_t up_to_seq);
void SetInboxItemRead(db::Transaction& tx, int64_t recipient_number, const std::string& id, bool read);
void SetInboxItemsArchived(db::Transaction& tx, int64_t recipient_number, const std::vector<std::string>& ids,
                           bool archived);

// Forgets entries of a few inboxes that are older than `age`; whether there may be more.
bool ForgetOldInboxItems(db::Transaction& tx, absl::Duration age);

// Forgets the inboxes of recipients who are erased, by ID.
void EraseInboxes(db::Transaction& tx, const std::vector<std::string>& recipient_ids);

}  // namespace masthead::notifications
