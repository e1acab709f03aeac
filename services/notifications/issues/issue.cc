#include "services/notifications/issues/issue.h"

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "services/notifications/templates/template_text.h"

namespace masthead::notifications {
namespace {

using articles::v1::Access;
using articles::v1::Gate;
using articles::v1::LetterSection;
using articles::v1::NewsletterContent;
using Names = google::protobuf::RepeatedPtrField<std::string>;

constexpr char kOpen = 'o';
constexpr char kClosed = '-';

bool HoldsOneOf(const Standing& standing, const Names& plans) {
  return absl::c_any_of(standing.tiers, [&](absl::string_view held) {
    absl::ConsumePrefix(&held, "tiers/");
    return absl::c_any_of(plans, [&](absl::string_view plan) { return absl::StripPrefix(plan, "tiers/") == held; });
  });
}

bool HasTier(const Standing& standing) { return !standing.tiers.empty(); }

// A level that this binary does not know is closed.
bool AdmitsToWhole(const NewsletterContent& article, const Standing& standing) {
  switch (article.level()) {
    case Access::PUBLIC:
      return true;
    case Access::REGISTERED:
      return standing.is_member;
    case Access::MEMBERS:
      return HasTier(standing);
    case Access::PLANS:
      return HoldsOneOf(standing, article.plans());
    default:
      return false;
  }
}

bool AdmitsTo(const LetterSection& section, const Standing& standing) {
  switch (section.audience()) {
    case Gate::AUDIENCE_UNSPECIFIED:
      return true;
    case Gate::REGISTERED:
      return standing.is_member;
    case Gate::MEMBERS:
      return HasTier(standing);
    case Gate::PLANS:
      return HoldsOneOf(standing, section.plans());
    default:
      // An invitation for those who are no members: a letter may be passed on, and nobody knows by whom it is read.
      return false;
  }
}

void Append(const Issue& issue, const LetterSection& section, Values& item) {
  absl::StrAppend(&item["body_html"],
                  absl::StrReplaceAll(section.html(), {{"href=\"/", absl::StrCat("href=\"", issue.site_url, "/")}}));
  absl::StrAppend(&item["body_text"],
                  absl::StrReplaceAll(section.text(), {{": /", absl::StrCat(": ", issue.site_url, "/")}}));
}

}  // namespace

std::vector<std::string> ToBytes(const std::vector<articles::v1::NewsletterContent>& articles) {
  std::vector<std::string> contents;
  for (const NewsletterContent& article : articles) contents.push_back(article.SerializeAsString());
  return contents;
}

std::vector<articles::v1::NewsletterContent> ArticlesFromBytes(const std::vector<std::string>& contents) {
  std::vector<NewsletterContent> articles;
  for (const std::string& content : contents) articles.emplace_back().ParseFromString(content);
  return articles;
}

Admission Admit(const Issue& issue, const Standing& standing) {
  Admission admission;
  for (const NewsletterContent& article : issue.articles) {
    const bool whole = AdmitsToWhole(article, standing) && !article.whole().empty();
    admission += whole ? kOpen : kClosed;
    if (!whole) continue;
    for (const LetterSection& section : article.whole()) admission += AdmitsTo(section, standing) ? kOpen : kClosed;
  }
  return admission;
}

Lists OpenIssue(const Issue& issue, const Admission& admission) {
  Lists lists;
  size_t next = 0;
  const auto opens = [&] { return next < admission.size() && admission[next++] == kOpen; };
  for (const NewsletterContent& article : issue.articles) {
    const bool whole = opens();
    Values item = {{"headline", article.headline()},
                   {"dek", article.dek()},
                   {"byline", absl::StrJoin(article.byline_names(), ", ")},
                   {"url", absl::StrCat(issue.site_url, article.url_path())},
                   {"body_html", ""},
                   {"body_text", ""},
                   {"subscribe", whole || article.level() == Access::PUBLIC ? "" : "1"}};
    if (whole) {
      for (const LetterSection& section : article.whole()) {
        if (opens()) Append(issue, section, item);
      }
    } else {
      for (const LetterSection& section : article.preview()) {
        if (section.audience() == Gate::AUDIENCE_UNSPECIFIED) Append(issue, section, item);
      }
    }
    lists[kArticlesName].push_back(std::move(item));
  }
  return lists;
}

}  // namespace masthead::notifications
