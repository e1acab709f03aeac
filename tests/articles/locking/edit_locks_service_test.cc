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

TEST_F(EditLocksServiceTest, HoldsUpTheSavesOfOthersUntilItEndsOrIsOverridden) {
  ASSERT_THAT(Acquire("window-1", editor_), IsOk());
  v1::UpdateArticleRequest request;
  *request.mutable_article() = article_;
  request.mutable_article()->set_etag("*");
  request.mutable_article()->set_headline("Theirs");
  v1::Article saved;
  const auto save = [&](const std::string& token) {
    return Call(*editing_, &v1::ArticlesService::Stub::UpdateArticle, request, &saved, token);
  };
  EXPECT_THAT(save(colleague_), StatusIs(absl::StatusCode::kFailedPrecondition, "LOCKED_BY"));
  request.set_session_id("window-2");
  EXPECT_THAT(save(editor_), StatusIs(absl::StatusCode::kFailedPrecondition, "LOCKED_BY"));
  request.set_session_id("window-1");
  EXPECT_THAT(save(colleague_), StatusIs(absl::StatusCode::kFailedPrecondition, "LOCKED_BY"))
      << "a session is its holder's";
  EXPECT_THAT(save(editor_), IsOk());
  request.clear_session_id();
  request.mutable_article()->set_headline("Overridden");
  request.set_override_lock(true);
  EXPECT_THAT(save(colleague_), IsOk());
  EXPECT_THAT(Acquire("window-1", colleague_), StatusIs(absl::StatusCode::kFailedPrecondition, "LOCKED_BY"))
      << "the lock stays";
  request.clear_override_lock();
  request.mutable_article()->set_headline("In time");
  postgres_.MoveClock(absl::Seconds(61));
  EXPECT_THAT(save(colleague_), IsOk());
  request.set_session_id(std::string(101, 'w'));
  EXPECT_THAT(save(colleague_), StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
}

TEST_F(EditLocksServiceTest, HoldsUpBatchesBulkEditsAndRollbacksToo) {
  v1::Article changed = article_;
  changed.set_headline("Two desks");
  Update(changed, {"headline"});
  ASSERT_THAT(Acquire("window-1", colleague_), IsOk());

  v1::BatchUpdateArticlesRequest batch;
  *batch.add_updates()->mutable_article() = article_;
  batch.mutable_updates(0)->mutable_article()->set_etag("*");
  v1::BatchUpdateArticlesResponse updated;
  EXPECT_THAT(Edit(&v1::ArticlesService::Stub::BatchUpdateArticles, batch, &updated),
              StatusIs(absl::StatusCode::kFailedPrecondition, "LOCKED_BY"));

  v1::BulkEditArticlesRequest bulk;
  bulk.set_filter("state = DRAFT");
  bulk.mutable_article()->set_urgency(3);
  bulk.mutable_update_mask()->add_paths("urgency");
  bulk.set_max_affected(10);
  v1::BulkEditArticlesResponse edited;
  ASSERT_THAT(Edit(&v1::ArticlesService::Stub::BulkEditArticles, bulk, &edited), IsOk());
  ASSERT_EQ(edited.results_size(), 1);
  EXPECT_EQ(edited.results(0).outcome(), v1::BulkEditResult::REFUSED);

  v1::RollbackArticleRequest rollback;
  rollback.set_name(article_.name() + "/revisions/1");
  rollback.set_etag("*");
  v1::Article rolled;
  EXPECT_THAT(Edit(&v1::ArticlesService::Stub::RollbackArticle, rollback, &rolled),
              StatusIs(absl::StatusCode::kFailedPrecondition, "LOCKED_BY"));
  rollback.set_override_lock(true);
  EXPECT_THAT(Edit(&v1::ArticlesService::Stub::RollbackArticle, rollback, &rolled), IsOk());
}

}  // namespace
}  // namespace masthead::articles
