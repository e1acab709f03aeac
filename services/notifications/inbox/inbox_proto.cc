#include "services/notifications/inbox/inbox_proto.h"

#include <string>

#include "common/resource/timestamp.h"

namespace masthead::notifications {

v1::InboxItem ToProto(absl::string_view recipient_id, const InboxItem& item) {
  v1::InboxItem proto;
  proto.set_name(InboxItemName(recipient_id, item.id));
  proto.set_seq(item.seq);
  proto.set_title(item.title);
  proto.set_body(item.body);
  proto.set_link(item.link);
  proto.set_article(item.article);
  v1::InboxItem::Severity severity = v1::InboxItem::SEVERITY_UNSPECIFIED;
  v1::InboxItem::Severity_Parse(item.severity, &severity);
  proto.set_severity(severity);
  *proto.mutable_create_time() = resource::ToTimestamp(item.create_time);
  if (item.seen_time) *proto.mutable_seen_time() = resource::ToTimestamp(*item.seen_time);
  if (item.read_time) *proto.mutable_read_time() = resource::ToTimestamp(*item.read_time);
  if (item.archive_time) *proto.mutable_archive_time() = resource::ToTimestamp(*item.archive_time);
  proto.set_read(item.read_time.has_value());
  proto.set_archived(item.archive_time.has_value());
  return proto;
}

v1::StreamInboxResponse::StateChange ToProto(absl::string_view recipient_id, const InboxChange& change) {
  v1::StreamInboxResponse::StateChange proto;
  v1::StreamInboxResponse::StateChange::Kind kind = v1::StreamInboxResponse::StateChange::KIND_UNSPECIFIED;
  v1::StreamInboxResponse::StateChange::Kind_Parse(change.kind, &kind);
  proto.set_kind(kind);
  proto.set_up_to_seq(change.up_to_seq);
  for (const std::string& item : change.items) proto.add_items(InboxItemName(recipient_id, item));
  return proto;
}

v1::InboxCounts ToProto(const InboxHead& head) {
  v1::InboxCounts proto;
  proto.set_unread(head.unread);
  proto.set_unseen(head.unseen);
  proto.set_as_of_seq(head.seq);
  return proto;
}

}  // namespace masthead::notifications
