// How reviews and retractions are kept: as JSON beside the article. Part of the store; nothing else reads them.
#pragma once

#include <string>

#include "services/articles/article/workflow.h"

namespace masthead::articles {

std::string ToJson(const Review& review);
std::string ToJson(const Retraction& retraction);

// The documents are ours: anything amiss is a broken database, and throws.
Review ReviewFromJson(const std::string& json);
Retraction RetractionFromJson(const std::string& json);

}  // namespace masthead::articles
