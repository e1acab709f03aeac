#include "gmock/gmock.h"
#include "masthead/articles/v1/redirects_service.grpc.pb.h"
#include "tests/articles/newsroom.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::HasSubstr;

class RedirectsServiceTest : public Newsroom {
 protected:
  using Stub = v1::RedirectsService::Stub;

  grpc::Status Create(const std::string& from, const std::string& to, int status = 0,
                      v1::PathRedirect* redirect = nullptr) {
    v1::CreatePathRedirectRequest request;
    request.mutable_path_redirect()->set_from_path(from);
    request.mutable_path_redirect()->set_to(to);
    request.mutable_path_redirect()->set_status(status);
    v1::PathRedirect made;
    return Call(*redirects_, &Stub::CreatePathRedirect, request, redirect == nullptr ? &made : redirect, editor_);
  }
  std::string TargetOf(const std::string& from) {
    return postgres_.QueryValue("SELECT status || ' ' || target FROM redirects WHERE from_path = '" + from + "'");
  }

  std::unique_ptr<Stub> redirects_ = v1::RedirectsService::NewStub(channel_);
};

TEST_F(RedirectsServiceTest, LeadsElsewhereForGoodUnlessSaidOtherwise) {
  v1::PathRedirect redirect;
  ASSERT_THAT(Create("/shop", "https://shop.example.org/", 0, &redirect), IsOk());
  EXPECT_EQ(redirect.status(), 301);
  EXPECT_THAT(Create("/shop", "/elsewhere"), StatusIs(absl::StatusCode::kAlreadyExists, "REDIRECT_TAKEN"));
  EXPECT_THAT(Create("/old", "", 410), IsOk());

  v1::DeletePathRedirectRequest request;
  request.set_name(redirect.name());
  request.set_etag(redirect.etag());
  google::protobuf::Empty nothing;
  ASSERT_THAT(Call(*redirects_, &Stub::DeletePathRedirect, request, &nothing, editor_), IsOk());
  EXPECT_THAT(Call(*redirects_, &Stub::DeletePathRedirect, request, &nothing, editor_),
              StatusIs(absl::StatusCode::kNotFound, "REDIRECT_NOT_FOUND"));
}

TEST_F(RedirectsServiceTest, IsFollowedWhereNothingStands) {
  ASSERT_THAT(Create("/shop", "https://shop.example.org/", 302), IsOk());
  ASSERT_THAT(Create("/en/old-story", "", 410), IsOk());
  const auto resolve = [&](const std::string& path) {
    v1::ResolvePathRequest request;
    request.set_url_path(path);
    v1::ResolvePathResponse response;
    EXPECT_THAT(Call(*reading_, &v1::ReadingService::Stub::ResolvePath, request, &response, ""), IsOk());
    return response;
  };
  EXPECT_EQ(resolve("/shop").status(), 302);
  EXPECT_EQ(resolve("/shop").redirect().url_path(), "https://shop.example.org/");
  EXPECT_EQ(resolve("/en/old-story").status(), 410);
  EXPECT_EQ(resolve("/en/nothing").status(), 404);

  v1::ReadArticleResponse read;
  ASSERT_THAT(Read("/shop", &read), IsOk());
  EXPECT_EQ(read.redirect().status(), 302);
  EXPECT_EQ(read.redirect().url_path(), "https://shop.example.org/");
  ASSERT_THAT(Read("/en/old-story", &read), IsOk());
  EXPECT_TRUE(read.has_gone());
}

TEST_F(RedirectsServiceTest, StoresNoChainsWhicheverLinkComesFirst) {
  ASSERT_THAT(Create("/b", "/c"), IsOk());
  ASSERT_THAT(Create("/a", "/b"), IsOk());
  EXPECT_EQ(TargetOf("/a"), "301 /c");
  ASSERT_THAT(Create("/c", "/d", 302), IsOk());
  EXPECT_EQ(TargetOf("/a"), "302 /d") << "no more certain than its weakest link";
  EXPECT_EQ(TargetOf("/b"), "302 /d");
  ASSERT_THAT(Create("/d", "", 410), IsOk());
  EXPECT_EQ(TargetOf("/a"), "410 ");
}

TEST_F(RedirectsServiceTest, RefusesLoops) {
  EXPECT_THAT(Create("/a", "/a"), StatusIs(absl::StatusCode::kFailedPrecondition, "REDIRECT_LOOP"));
  ASSERT_THAT(Create("/a", "/b"), IsOk());
  ASSERT_THAT(Create("/b", "/c"), IsOk());
  EXPECT_THAT(Create("/c", "/a"), StatusIs(absl::StatusCode::kFailedPrecondition, "REDIRECT_LOOP"));
}

TEST_F(RedirectsServiceTest, TakesNoPathThatABrowserReadsAsAnotherSite) {
  for (const char* path : {"", "/", "shop", "//evil.example", "/a/", "/a b", "/a?b", "/a#b", "/\\evil.example"}) {
    const grpc::Status status = Create(path, "/elsewhere");
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD")) << path;
    EXPECT_THAT(status.error_details(), HasSubstr("path_redirect.from_path")) << path;
  }
  for (const char* target : {"", "//evil.example", "javascript:alert(1)", "ftp://example.org/"}) {
    EXPECT_THAT(Create("/a", target), StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD")) << target;
  }
}

}  // namespace
}  // namespace masthead::articles
