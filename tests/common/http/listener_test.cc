#include "common/http/listener.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace masthead::http {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

int Dial(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  return fd;
}

std::string ReadAll(int fd) {
  std::string answer;
  char buffer[4096];
  for (ssize_t n = 0; (n = recv(fd, buffer, sizeof(buffer), 0)) > 0;) answer.append(buffer, static_cast<size_t>(n));
  close(fd);
  return answer;
}

// Sends bytes as they are and reads until the server closes.
std::string Exchange(int port, const std::string& bytes) {
  const int fd = Dial(port);
  for (size_t sent = 0; sent < bytes.size();) {
    const ssize_t n = send(fd, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (n <= 0) break;
    sent += static_cast<size_t>(n);
  }
  return ReadAll(fd);
}

std::string Get(int port, const std::string& target, const std::string& headers = "") {
  return Exchange(port, absl::StrCat("GET ", target, " HTTP/1.1\r\nHost: x\r\n", headers, "\r\n"));
}

std::string Post(int port, const std::string& target, const std::string& type, const std::string& body) {
  return Exchange(port, absl::StrCat("POST ", target, " HTTP/1.1\r\nHost: x\r\nContent-Type: ", type,
                                     "\r\nContent-Length: ", body.size(), "\r\n\r\n", body));
}

// Answers with what it saw.
Response Echo(const Request& request) {
  Response response;
  response.body = absl::StrCat(request.method, " ", request.path, " ", request.body.size(), "b");
  for (const auto& [name, value] : request.parameters) absl::StrAppend(&response.body, " ", name, "=", value);
  if (request.headers.contains("x-note")) absl::StrAppend(&response.body, " note:", request.headers.at("x-note"));
  return response;
}

std::unique_ptr<Listener> StartListener(std::map<std::string, Handler> handlers) {
  auto listener = Listener::Start("127.0.0.1:0", std::move(handlers));
  EXPECT_TRUE(listener.ok()) << listener.status();
  return *std::move(listener);
}

TEST(Listener, RoutesByTheLongestPrefix) {
  const auto named = [](const std::string& name) { return [name](const Request&) { return Response{.body = name}; }; };
  const auto listener =
      StartListener({{"/u", named("short")}, {"/unsubscribe/", named("long")}, {"/metrics", named("metrics")}});
  EXPECT_THAT(Get(listener->port(), "/unsubscribe/abc"), EndsWith("\r\n\r\nlong"));
  EXPECT_THAT(Get(listener->port(), "/unsub"), EndsWith("\r\n\r\nshort"));
  EXPECT_THAT(Get(listener->port(), "/metrics"), EndsWith("\r\n\r\nmetrics"));
  EXPECT_THAT(Get(listener->port(), "/other"), StartsWith("HTTP/1.1 404"));
}

TEST(Listener, GivesHeadersInLowerCaseAndTheQuery) {
  const auto listener = StartListener({{"/", Echo}});
  EXPECT_THAT(Get(listener->port(), "/a%20b?token=x%2By&token=second", "X-NOTE: one\r\nx-Note: two\r\n"),
              EndsWith("GET /a b 0b token=x+y note:one, two"));
}

TEST(Listener, ReadsFormsOfBothKinds) {
  const auto listener = StartListener({{"/", Echo}});
  EXPECT_THAT(Post(listener->port(), "/u?List-Unsubscribe=no", "application/x-www-form-urlencoded",
                   "List-Unsubscribe=One-Click"),
              EndsWith("POST /u 26b List-Unsubscribe=One-Click"));
  const std::string part =
      "--B\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--B--\r\n";
  EXPECT_THAT(Post(listener->port(), "/u", "multipart/form-data; boundary=B", part),
              EndsWith("POST /u 0b List-Unsubscribe=One-Click"));
}

TEST(Listener, TakesAPostWithoutABody) {
  const auto listener = StartListener({{"/", Echo}});
  EXPECT_THAT(Exchange(listener->port(), "POST /u HTTP/1.1\r\nHost: x\r\n\r\n"), EndsWith("POST /u 0b"));
}

TEST(Listener, SendsStatusTypeAndHeaders) {
  const auto listener = StartListener(
      {{"/", [](const Request&) {
          return Response{.status = 302, .content_type = "text/html", .body = "<p>", .headers = {{"Location", "/x"}}};
        }}});
  const std::string answer = Get(listener->port(), "/");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 302"));
  EXPECT_THAT(answer, HasSubstr("Location: /x\r\n"));
  EXPECT_THAT(answer, HasSubstr("Content-Type: text/html\r\n"));
}

TEST(Listener, AnswersAThrowingHandlerWith500AndSaysNoMore) {
  const auto listener =
      StartListener({{"/", [](const Request&) -> Response { throw std::runtime_error("secret detail"); }}});
  const std::string answer = Get(listener->port(), "/");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 500"));
  EXPECT_THAT(answer, ::testing::Not(HasSubstr("secret")));
  EXPECT_THAT(Get(listener->port(), "/"), StartsWith("HTTP/1.1 500"));
}

TEST(Listener, RefusesABodyOfMoreThanOneMebibyteHoweverItComes) {
  std::atomic<int> handled = 0;
  const auto listener = StartListener({{"/", [&](const Request& request) {
                                          ++handled;
                                          return Echo(request);
                                        }}});
  const std::string big((1 << 20) + 1, 'x');
  EXPECT_THAT(Exchange(listener->port(),
                       absl::StrCat("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ", big.size(), "\r\n\r\n", big)),
              StartsWith("HTTP/1.1 413"));
  EXPECT_THAT(
      Exchange(listener->port(), absl::StrCat("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
                                              absl::StrCat(absl::Hex(big.size())), "\r\n", big, "\r\n0\r\n\r\n")),
      ::testing::Not(HasSubstr(" 200 ")));
  EXPECT_THAT(Exchange(listener->port(),
                       "POST / HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"),
              StartsWith("HTTP/1.1 415"));
  EXPECT_EQ(handled, 0);
  EXPECT_THAT(Post(listener->port(), "/", "text/plain", std::string(1 << 20, 'x')), EndsWith("POST / 1048576b"));
}

TEST(Listener, SurvivesLongPathsAndGarbage) {
  const auto listener = StartListener({{"/", Echo}});
  EXPECT_THAT(Get(listener->port(), absl::StrCat("/", std::string(8000, 'a'))), HasSubstr(" 200 "));
  EXPECT_THAT(Get(listener->port(), absl::StrCat("/", std::string(9000, 'a'))), ::testing::Not(HasSubstr(" 200 ")));
  Exchange(listener->port(), "\x16\x03\x01\x02 no HTTP at all\r\n\r\n");
  EXPECT_THAT(Get(listener->port(), "/"), HasSubstr(" 200 "));
}

TEST(Listener, ServesOthersWhileOneClientIsSilent) {
  const auto listener = StartListener({{"/", Echo}});
  const int silent = Dial(listener->port());
  EXPECT_THAT(Get(listener->port(), "/"), HasSubstr(" 200 "));
  close(silent);
}

TEST(Listener, ServesMoreClientsThanItHasThreads) {
  const auto listener = StartListener({{"/", Echo}});
  std::atomic<int> served = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 16; ++i) {
    clients.emplace_back([&] {
      for (int k = 0; k < 10; ++k) served += Get(listener->port(), "/").find(" 200 ") != std::string::npos ? 1 : 0;
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(served, 160);
}

TEST(Listener, RefusesAPortInUseAndABadAddress) {
  const auto listener = StartListener({{"/", Echo}});
  EXPECT_EQ(Listener::Start(absl::StrCat("127.0.0.1:", listener->port()), {}).status().code(),
            absl::StatusCode::kUnavailable);
  EXPECT_EQ(Listener::Start("nonsense", {}).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Listener::Start("127.0.0.1:70000", {}).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace masthead::http
