// What reading is measured with: the articles service in a process of its own.
#pragma once

#include <string>

namespace masthead::articles {

inline constexpr char kReadMethod[] = "/masthead.articles.v1.ReadingService/ReadArticle";

// The whole service with its workers, plain text on loopback. Tells, after the port, an editor's token and a member's.
int ServeArticles(const std::string& dsn);

}  // namespace masthead::articles
