// The archive's own format: an article with all that makes its state, to and from the wire.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "masthead/articles/v1/exchange_service.pb.h"
#include "services/articles/article/article.h"
#include "services/articles/corrections/correction.h"

namespace masthead::articles {

// A correction with what it said before, and at last.
struct CorrectionHistory {
  Correction correction;
  std::vector<CorrectionVersion> former;
};

// Everything of one article.
struct ArchivedArticle {
  Article article;  // With the content of its latest revision.
  std::vector<Revision> revisions;
  std::vector<CorrectionHistory> corrections;
  std::vector<std::string> former_slugs;     // Which redirect to it.
  std::vector<std::string> translated_into;  // IDs of articles that were translated from it.
};

// The text of a withdrawn correction too.
v1::Correction ToProto(const CorrectionHistory& history);

// What ExportArticles gave, checked as a request that writes it would be. INVALID_FIELD; INVALID_ARGUMENT if the parts
// do not belong together.
absl::StatusOr<ArchivedArticle> ParseArchived(const v1::ExportedArticle& exported,
                                              const std::vector<v1::ArticleRevision>& revisions,
                                              const std::vector<v1::Correction>& corrections);

}  // namespace masthead::articles
