#include "services/notifications/reports/report_proto.h"

#include "services/notifications/messages/message_proto.h"

namespace masthead::notifications {
namespace {

v1::EngagementCounts ToProto(const EngagementCounts& counts) {
  v1::EngagementCounts proto;
  proto.set_opens(counts.opens);
  proto.set_machine_opens(counts.machine_opens);
  proto.set_clicks(counts.clicks);
  proto.set_machine_clicks(counts.machine_clicks);
  proto.set_openers(counts.openers);
  proto.set_clickers(counts.clickers);
  return proto;
}

v1::ReportCounts ToProto(const ReportCounts& counts) {
  v1::ReportCounts proto;
  *proto.mutable_deliveries() = masthead::notifications::ToProto(counts.deliveries);
  proto.set_bounced_hard(counts.bounced_hard);
  proto.set_bounced_soft(counts.bounced_soft);
  proto.set_bounced_policy(counts.bounced_policy);
  proto.set_unsubscribed(counts.unsubscribed);
  *proto.mutable_engagement() = ToProto(counts.engagement);
  return proto;
}

}  // namespace

v1::MessageReport ToProto(const MessageReport& report) {
  v1::MessageReport proto;
  *proto.mutable_counts() = ToProto(report.counts);
  for (const auto& [number, engagement] : report.variants) {
    v1::MessageReport::Variant& variant = *proto.add_variants();
    variant.set_variant(number);
    *variant.mutable_engagement() = ToProto(engagement);
  }
  for (const MessageReport::Link& link : report.links) {
    v1::MessageReport::Link& to = *proto.add_links();
    to.set_url(link.url);
    to.set_clicks(link.clicks);
    to.set_machine_clicks(link.machine_clicks);
  }
  return proto;
}

v1::TopicReport ToProto(const TopicReport& report) {
  v1::TopicReport proto;
  proto.set_message_count(report.message_count);
  *proto.mutable_counts() = ToProto(report.counts);
  return proto;
}

}  // namespace masthead::notifications
