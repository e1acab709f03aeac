// A newsletter issue: articles as they were when its message was made, and the gate through which their text reaches
// readers of letters.
//
// First it is decided what a reader is admitted to, from what stands beside the text; then the issue is opened for
// that. Readers with the same Admission get the same letter, so an Admission is also what a letter may be kept under.
// What is not known admits to nothing: the preview is for everybody.
#pragma once

#include <string>
#include <vector>

#include "masthead/articles/v1/newsletter.pb.h"
#include "services/notifications/templates/template.h"

namespace masthead::notifications {

struct Issue {
  std::vector<articles::v1::NewsletterContent> articles;
  std::string site_url;  // Before paths: https, no slash at the end.
};

// How an issue's articles are kept: whatever a newer articles service adds stays with them.
std::vector<std::string> ToBytes(const std::vector<articles::v1::NewsletterContent>& articles);
std::vector<articles::v1::NewsletterContent> ArticlesFromBytes(const std::vector<std::string>& contents);

// Who reads, as far as it decides access. Nobody in particular, unless something is known.
struct Standing {
  bool is_member = false;
  std::vector<std::string> tiers;  // IDs, or `tiers/{tier}`.
};

// One letter for each article, and one for each gate in those that are opened: `o` for open, `-` for closed.
using Admission = std::string;

Admission Admit(const Issue& issue, const Standing& standing);

// `articles` for templates, as of kArticleFields. `admission` was made with the same issue.
Lists OpenIssue(const Issue& issue, const Admission& admission);

}  // namespace masthead::notifications
