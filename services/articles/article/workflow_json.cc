#include "services/articles/article/workflow_json.h"

#include "services/articles/article/document.h"

namespace masthead::articles {

template <typename Visitor, Is<Review> Struct>
void Parts(Visitor& part, Struct& review) {
  part("requested_by", review.requested_by);
  part("assignee", review.assignee);
  part("revision", review.revision);
  part("decision", review.decision);
  part("decided_by", review.decided_by);
  part("comment", review.comment);
  part("update_time", review.update_time);
}

template <typename Visitor, Is<Retraction> Struct>
void Parts(Visitor& part, Struct& retraction) {
  part("notice", retraction.notice);
  part("retract_time", retraction.retract_time);
  part("retracted_by", retraction.retracted_by);
}

namespace {

template <typename T>
T Read(const std::string& json) {
  T value;
  ReadDocument(Json::parse(json), value);
  return value;
}

}  // namespace

std::string ToJson(const Review& review) { return WriteDocument(review).dump(); }
std::string ToJson(const Retraction& retraction) { return WriteDocument(retraction).dump(); }

Review ReviewFromJson(const std::string& json) { return Read<Review>(json); }
Retraction RetractionFromJson(const std::string& json) { return Read<Retraction>(json); }

}  // namespace masthead::articles
