// What reading is measured with: the articles service, and beside it the least that a gRPC server can do, each in a
// process of its own.
#pragma once

#include <string>

namespace masthead::articles {

inline constexpr char kEchoMethod[] = "/masthead.bench.Echo/Read";
inline constexpr char kReadMethod[] = "/masthead.articles.v1.ReadingService/ReadArticle";

// Bytes in, the same `response_bytes` out each time, through a bare raw callback; until the parent lets go. Plain text
// on loopback, as is the other.
int ServeEcho(int response_bytes);

// The whole service with its workers. Tells, after the port, an editor's token and a member's.
int ServeArticles(const std::string& dsn);

}  // namespace masthead::articles
