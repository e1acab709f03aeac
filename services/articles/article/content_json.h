// How a revision's content is kept: two JSON documents, the head and the body. Part of the store; nothing else reads
// them. Fields may be added; old documents lack them.
#pragma once

#include <string>
#include <vector>

#include "services/articles/article/content.h"

namespace masthead::articles {

std::string HeadToJson(const Content& content);
std::string BodyToJson(const std::vector<Block>& body);

// The documents are ours: anything amiss is a broken database, and throws.
Content HeadFromJson(const std::string& json);
std::vector<Block> BodyFromJson(const std::string& json);

}  // namespace masthead::articles
