#include "services/memberships/entitlements/question_proto.h"

#include <optional>
#include <utility>

#include "common/resource/name.h"
#include "services/memberships/entitlements/access_proto.h"
#include "services/memberships/institutions/network.h"
#include "services/memberships/names.h"

namespace masthead::memberships {

Question ParseQuestion(const v1::CheckAccessRequest& request, const MeterKeys& keys, FieldViolations& violations) {
  Question question;
  question.requirement = ParseRequirement("requirement", request.requirement(), violations);
  question.asks_meter = !request.article().empty();
  const bool is_anonymous = !request.anonymous_reader().empty();
  if (is_anonymous) {
    if (!request.member().empty()) violations.Add("anonymous_reader", "must be empty for a member");
    question.reading.reader_key = ParseAnonymousReader(request.anonymous_reader(), keys, violations);
  } else {
    question.member_id = IdIn("member", request.member(), "members", violations);
    question.reading.reader_key = MeterKeys::MemberKey(question.member_id);
  }
  if (!request.reader_address().empty()) {
    std::optional<std::string> address = NormalAddress(request.reader_address());
    if (!address) violations.Add("reader_address", "must be an IPv4 or IPv6 address");
    question.address = std::move(address).value_or("");
  }
  if (question.asks_meter && !resource::ParseName(request.article(), "articles/*")) {
    violations.Add("article", "must be a resource name `articles/*`");
  }
  question.reading.kind = is_anonymous ? ReaderKind::kAnonymous : ReaderKind::kRegistered;
  question.reading.level = question.requirement.level;
  if (question.asks_meter) question.reading.article_key = keys.ArticleKey(request.article());
  return question;
}

std::string ParseAnonymousReader(absl::string_view anonymous_reader, const MeterKeys& keys,
                                 FieldViolations& violations) {
  std::optional<std::string> key = keys.AnonymousReaderKey(anonymous_reader);
  if (key.has_value()) return *std::move(key);
  violations.Add("anonymous_reader", "was not issued here");
  return "";
}

}  // namespace masthead::memberships
