#include "services/articles/article/workflow_proto.h"

#include "common/resource/timestamp.h"
#include "services/articles/article/spelling_proto.h"

namespace masthead::articles {
v1::Article::State ToProto(Article::State state) {
  switch (state) {
    case Article::State::kDraft:
      return v1::Article::DRAFT;
    case Article::State::kInReview:
      return v1::Article::IN_REVIEW;
    case Article::State::kApproved:
      return v1::Article::APPROVED;
    case Article::State::kScheduled:
      return v1::Article::SCHEDULED;
    case Article::State::kPublished:
      return v1::Article::PUBLISHED;
    case Article::State::kUnpublished:
      return v1::Article::UNPUBLISHED;
    case Article::State::kRetracted:
      return v1::Article::RETRACTED;
  }
  return v1::Article::STATE_UNSPECIFIED;
}

v1::Schedule ToProto(const Schedule& schedule) {
  v1::Schedule proto;
  *proto.mutable_publish_time() = resource::ToTimestamp(schedule.publish_time);
  proto.set_time_zone(schedule.time_zone);
  proto.set_local_publish_time(schedule.local_publish_time);
  proto.set_local_time_repeats(schedule.local_time_repeats);
  if (schedule.unpublish_time) {
    *proto.mutable_unpublish_time() = resource::ToTimestamp(*schedule.unpublish_time);
    proto.set_local_unpublish_time(schedule.local_unpublish_time);
    proto.set_local_unpublish_time_repeats(schedule.local_unpublish_time_repeats);
  }
  proto.set_revision(schedule.revision);
  proto.set_follow_latest(schedule.follow_latest());
  proto.set_substantive(schedule.substantive);
  if (schedule.due_time) *proto.mutable_due_time() = resource::ToTimestamp(*schedule.due_time);
  return proto;
}

v1::Review ToProto(const Review& review) {
  v1::Review proto;
  proto.set_requested_by(review.requested_by);
  proto.set_assignee(review.assignee);
  proto.set_revision(review.revision);
  proto.set_decision(EnumToProto<v1::Review::Decision>(review.decision));
  proto.set_decided_by(review.decided_by);
  proto.set_comment(review.comment);
  *proto.mutable_update_time() = resource::ToTimestamp(review.update_time);
  return proto;
}

v1::Retraction ToProto(const Retraction& retraction) {
  v1::Retraction proto;
  proto.set_notice(retraction.notice);
  *proto.mutable_retract_time() = resource::ToTimestamp(retraction.retract_time);
  proto.set_retracted_by(retraction.retracted_by);
  return proto;
}

void WorkflowToProto(const Article& article, v1::Article& proto) {
  proto.set_state(ToProto(article.state));
  if (article.schedule) *proto.mutable_schedule() = ToProto(*article.schedule);
  if (article.review) *proto.mutable_review() = ToProto(*article.review);
  if (article.retraction) *proto.mutable_retraction() = ToProto(*article.retraction);
  if (article.delete_time) *proto.mutable_delete_time() = resource::ToTimestamp(*article.delete_time);
  if (article.purge_time) *proto.mutable_purge_time() = resource::ToTimestamp(*article.purge_time);
  if (article.publish_time) *proto.mutable_publish_time() = resource::ToTimestamp(*article.publish_time);
  if (article.content_update_time) {
    *proto.mutable_content_update_time() = resource::ToTimestamp(*article.content_update_time);
  }
  proto.set_revision(article.revision);
  proto.set_published_revision(article.published_revision);
  proto.set_has_unpublished_changes(HasUnpublishedChanges(article));
  proto.set_correction_count(article.correction_count);
}

}  // namespace masthead::articles
