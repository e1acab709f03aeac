// The whole service on a database of its own, and what tests ask of it: an editor, a desk, a section, readers.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "common/crypto/mac.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "gtest/gtest.h"
#include "masthead/articles/v1/articles_service.grpc.pb.h"
#include "masthead/articles/v1/events_service.grpc.pb.h"
#include "masthead/articles/v1/reading_service.grpc.pb.h"
#include "masthead/articles/v1/taxonomy_service.grpc.pb.h"
#include "services/articles/articles.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_database.h"
#include "tests/support/test_server.h"

namespace masthead::articles {

class Newsroom : public ::testing::Test {
 protected:
  Newsroom();

  // Calls as staff with the role editor, or with whatever token is given; no token, no credentials.
  template <typename Stub, typename Request, typename Response>
  grpc::Status Call(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                    const Request& request, Response* response, const std::string& token) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    if (!token.empty()) testing::Authorize(context, token);
    return (stub.*method)(&context, request, response);
  }
  template <typename Request, typename Response>
  grpc::Status Edit(grpc::Status (v1::ArticlesService::Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                    const Request& request, Response* response) {
    return Call(*editing_, method, request, response, editor_);
  }

  // Calls one of the methods of ArticlesService that move an article, with any etag.
  template <typename Request>
  grpc::Status Move(grpc::Status (v1::ArticlesService::Stub::*method)(grpc::ClientContext*, const Request&,
                                                                      v1::Article*),
                    const std::string& name, v1::Article* article = nullptr, const std::string& token = "") {
    Request request;
    request.set_name(name);
    request.set_etag("*");
    v1::Article ignored;
    return Call(*editing_, method, request, article != nullptr ? article : &ignored, token.empty() ? editor_ : token);
  }

  // A draft that is fit to be published, of one paragraph, in English, in the section `national`, by the news desk.
  v1::Article Draft(const std::string& headline);
  v1::Article Create(const v1::Article& article, const std::string& id = "");
  v1::Article Get(const std::string& name);
  v1::Article Publish(const v1::Article& article, bool substantive = false);
  v1::Article Update(const v1::Article& article, const std::vector<std::string>& mask);
  // For what shall fail.
  grpc::Status TryCreate(const v1::Article& article);
  grpc::Status TryUpdate(const v1::Article& article, const std::vector<std::string>& mask,
                         v1::Article* updated = nullptr);
  grpc::Status TryPublish(const std::string& name, const std::string& etag, const std::string& request_id = "",
                          v1::Article* published = nullptr);
  grpc::Status TryUnpublish(const std::string& name);
  grpc::Status TrySchedule(const std::string& name, absl::Time time, v1::Article* scheduled = nullptr);

  grpc::Status Read(const std::string& name_or_path, v1::ReadArticleResponse* response, const std::string& token = "");

  // Of all events so far; ArticleEvents without those of the newsroom's own section and desk.
  std::vector<v1::Event> Events();
  std::vector<std::string> EventTypes();
  std::vector<std::string> ArticleEvents();

  testing::TestDatabase postgres_{Schema()};
  const crypto::MacKey key_ = crypto::MacKey::Random();
  Articles articles_{
      postgres_.database(), Clock::System(), key_, {.site = {.url = "https://news.example", .name = "The Paper"}}};
  testing::TestServer server_{articles_.services()};
  const std::string editor_ = server_.StaffToken({"editor"});
  const std::string admin_ = server_.StaffToken({"admin"}, "staffMembers/chief");
  std::shared_ptr<grpc::Channel> channel_ = server_.Channel();
  std::unique_ptr<v1::ArticlesService::Stub> editing_ = v1::ArticlesService::NewStub(channel_);
  std::unique_ptr<v1::TaxonomyService::Stub> taxonomy_ = v1::TaxonomyService::NewStub(channel_);
  std::unique_ptr<v1::ReadingService::Stub> reading_ = v1::ReadingService::NewStub(channel_);
};

absl::Time TimeOf(const google::protobuf::Timestamp& time);

}  // namespace masthead::articles
