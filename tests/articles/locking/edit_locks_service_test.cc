#include "gmock/gmock.h"
#include "masthead/articles/v1/edit_locks_service.grpc.pb.h"
#include "tests/articles/newsroom.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;

class EditLocksServiceTest : public Newsroom {
 protected:
  using Stub = v1::EditLocksService::Stub;

  grpc::Status Acquire(const std::string& session, const std::string& token, v1::EditLock* lock = nullptr,
                       int seconds = 60) {
    v1::AcquireEditLockRequest request;
    request.set_name(lock_name_);
    request.set_session_id(session);
    request.mutable_ttl()->set_seconds(seconds);
    v1::EditLock taken;
    return Call(*locks_, &Stub::AcquireEditLock, request, lock == nullptr ? &taken : lock, token);
  }
  grpc::Status Release(const std::string& session, const std::string& token) {
    v1::ReleaseEditLockRequest request;
    request.set_name(lock_name_);
    request.set_session_id(session);
    google::protobuf::Empty nothing;
    return Call(*locks_, &Stub::ReleaseEditLock, request, &nothing, token);
  }

  std::unique_ptr<Stub> locks_ = v1::EditLocksService::NewStub(channel_);
  const std::string colleague_ = server_.BackendToken({"articles.write"});
  const v1::Article article_ = Create(Draft("Two at one desk"));
  const std::string lock_name_ = article_.name() + "/editLock";
};

TEST_F(EditLocksServiceTest, KeepsOthersAndTheHoldersOtherWindowsOut) {
  v1::EditLock lock;
  ASSERT_THAT(Acquire("window-1", editor_, &lock), IsOk());
  EXPECT_THAT(Acquire("window-2", editor_), StatusIs(absl::StatusCode::kFailedPrecondition, "LOCKED_BY"));
  EXPECT_THAT(Acquire("window-1", colleague_), StatusIs(absl::StatusCode::kFailedPrecondition, "LOCKED_BY"));
  EXPECT_THAT(Release("window-2", editor_), StatusIs(absl::StatusCode::kFailedPrecondition, "LOCKED_BY"));
  v1::EditLock renewed;
  ASSERT_THAT(Acquire("window-1", editor_, &renewed, 120), IsOk()) << "renewing is acquiring again";
  EXPECT_EQ(renewed.acquire_time().seconds(), lock.acquire_time().seconds());
  EXPECT_GT(renewed.expire_time().seconds(), lock.expire_time().seconds());
  ASSERT_THAT(Release("window-1", editor_), IsOk());
  EXPECT_THAT(Acquire("window-1", colleague_), IsOk());
}

TEST_F(EditLocksServiceTest, EndsByItself) {
  ASSERT_THAT(Acquire("window-1", editor_), IsOk());
  postgres_.MoveClock(absl::Seconds(61));
  v1::GetEditLockRequest request;
  request.set_name(lock_name_);
  v1::EditLock lock;
  EXPECT_THAT(Call(*locks_, &Stub::GetEditLock, request, &lock, editor_),
              StatusIs(absl::StatusCode::kNotFound, "NOT_LOCKED"));
  EXPECT_THAT(Release("window-1", editor_), IsOk()) << "what has ended may be given back";
  EXPECT_THAT(Acquire("window-1", colleague_), IsOk());
}

TEST_F(EditLocksServiceTest, CanBeEndedByAnEditorWhoeverHasIt) {
  ASSERT_THAT(Acquire("window-1", colleague_), IsOk());
  v1::ForceReleaseEditLockRequest request;
  request.set_name(lock_name_);
  google::protobuf::Empty nothing;
  EXPECT_THAT(Call(*locks_, &Stub::ForceReleaseEditLock, request, &nothing, server_.StaffToken({"reporter"})),
              StatusIs(absl::StatusCode::kPermissionDenied));
  ASSERT_THAT(Call(*locks_, &Stub::ForceReleaseEditLock, request, &nothing, editor_), IsOk());
  EXPECT_THAT(Acquire("window-1", editor_), IsOk());
}

TEST_F(EditLocksServiceTest, LocksOnlyArticlesThatExistAndNotForEver) {
  EXPECT_THAT(Acquire("window-1", editor_, nullptr, 1801),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  EXPECT_THAT(Acquire("", editor_), StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  v1::AcquireEditLockRequest request;
  request.set_name("articles/none/editLock");
  request.set_session_id("window-1");
  v1::EditLock lock;
  EXPECT_THAT(Call(*locks_, &Stub::AcquireEditLock, request, &lock, editor_),
              StatusIs(absl::StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
}

}  // namespace
}  // namespace masthead::articles
