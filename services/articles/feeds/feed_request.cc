#include "services/articles/feeds/feed_request.h"

#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/resource/name.h"
#include "services/articles/article/content_rules.h"
#include "services/articles/article/text_rules.h"
#include "services/articles/reading/if_none_match.h"

namespace masthead::articles {
namespace {

using Request = v1::RenderFeedRequest;

std::string ParseId(const char* field, const std::string& name, const char* pattern, FieldViolations& violations) {
  const std::optional<std::vector<std::string>> ids = resource::ParseName(name, pattern);
  if (ids.has_value()) return ids->front();
  violations.Add(field, absl::StrCat("is no name ", pattern));
  return "";
}

FeedScope ParseWhole(const Request& request, FieldViolations& violations) {
  switch (request.scope_case()) {
    case Request::kSection:
      return {FeedScope::Kind::kSection, ParseId("section", request.section(), "sections/*", violations), ""};
    case Request::kTag:
      return {FeedScope::Kind::kTag, ParseId("tag", request.tag(), "tags/*", violations), ""};
    case Request::kContributor:
      return {FeedScope::Kind::kContributor,
              ParseId("contributor", request.contributor(), "contributors/*", violations), ""};
    case Request::kCuratedList:
      return {FeedScope::Kind::kCuratedList,
              ParseId("curated_list", request.curated_list(), "curatedLists/*", violations), ""};
    case Request::SCOPE_NOT_SET:
      break;
  }
  return {};
}

}  // namespace

absl::StatusOr<FeedScope> ParseFeedScope(const Request& request) {
  FieldViolations violations;
  if (request.format() == Request::FORMAT_UNSPECIFIED || !Request::Format_IsValid(request.format())) {
    violations.Add("format", "is none of RSS, ATOM, JSON_FEED, NINJS");
  }
  FeedScope scope = ParseWhole(request, violations);
  scope.language_code = request.language_code();
  if (!scope.language_code.empty()) CheckLanguage("language_code", scope.language_code, violations);
  CheckWebUri("self_url", request.self_url(), /*required=*/false, violations);
  CheckIfNoneMatch(request.if_none_match(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return scope;
}

}  // namespace masthead::articles
