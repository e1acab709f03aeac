#include "common/auth/policy.h"

#include <memory>
#include <string>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"
#include "google/protobuf/empty.pb.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace masthead::auth {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using options::v1::Policy;

constexpr char kMethod[] = "masthead.test.v1.DesksService.ListDesks";

Caller Anonymous() { return {}; }

Caller Member() {
  Caller caller;
  caller.kind = Caller::Kind::kMember;
  caller.subject = "members/olena";
  // Of no use to a member, whatever a token says.
  caller.roles = {"admin", "editor"};
  caller.scopes = {"articles.write"};
  return caller;
}

Caller Staff(std::vector<std::string> roles) {
  Caller caller;
  caller.kind = Caller::Kind::kStaff;
  caller.subject = "staffMembers/petro";
  caller.roles = std::move(roles);
  return caller;
}

Caller Backend(std::vector<std::string> scopes) {
  Caller caller;
  caller.kind = Caller::Kind::kBackend;
  caller.subject = "apiKeys/web";
  caller.scopes = std::move(scopes);
  return caller;
}

Caller Service(const std::string& name) {
  Caller caller;
  caller.kind = Caller::Kind::kService;
  caller.subject = "services/" + name;
  return caller;
}

bool Admits(const Policy& policy, const Caller& caller) {
  const absl::Status status = Admit(policy, caller, kMethod);
  if (status.ok()) return true;
  if (caller.kind == Caller::Kind::kAnonymous) {
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnauthenticated, "CREDENTIALS_MISSING"));
  } else {
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kPermissionDenied, "CALLER_NOT_ADMITTED"));
  }
  return false;
}

TEST(Admit, LetsAnyoneInWhereThePolicySaysSo) {
  Policy policy;
  policy.set_anyone(true);
  for (const Caller& caller : {Anonymous(), Member(), Staff({}), Backend({}), Service("articles")})
    EXPECT_TRUE(Admits(policy, caller));
}

TEST(Admit, TellsMembersFromEverybodyElse) {
  Policy policy;
  policy.set_member(true);
  EXPECT_TRUE(Admits(policy, Member()));
  for (const Caller& caller : {Anonymous(), Staff({"admin"}), Backend({"admin"}), Service("articles")})
    EXPECT_FALSE(Admits(policy, caller));
}

TEST(Admit, WantsOneOfTheRoles) {
  Policy policy;
  policy.add_roles("editor");
  policy.add_roles("reporter");
  EXPECT_TRUE(Admits(policy, Staff({"reporter"})));
  EXPECT_TRUE(Admits(policy, Staff({"support", "editor"})));
  EXPECT_TRUE(Admits(policy, Staff({"admin"})));
  for (const Caller& caller : {Anonymous(), Member(), Staff({}), Staff({"support"}), Staff({"Editor"}),
                               Backend({"editor"}), Service("editor")}) {
    EXPECT_FALSE(Admits(policy, caller));
  }
}

TEST(Admit, WantsOneOfTheScopes) {
  Policy policy;
  policy.add_scopes("articles.write");
  EXPECT_TRUE(Admits(policy, Backend({"articles.read", "articles.write"})));
  for (const Caller& caller : {Anonymous(), Member(), Staff({"admin"}), Backend({}), Backend({"articles.read"}),
                               Backend({"articles"}), Backend({"admin"}), Service("articles")}) {
    EXPECT_FALSE(Admits(policy, caller));
  }
}

TEST(Admit, WantsOneOfTheServices) {
  Policy policy;
  policy.add_services("notifications");
  EXPECT_TRUE(Admits(policy, Service("notifications")));
  for (const Caller& caller :
       {Anonymous(), Member(), Staff({"admin"}), Backend({"notifications"}), Service("articles"), Service("")}) {
    EXPECT_FALSE(Admits(policy, caller));
  }
}

TEST(Admit, AdmitsByAnyClause) {
  Policy policy;
  policy.set_member(true);
  policy.add_roles("support");
  EXPECT_TRUE(Admits(policy, Member()));
  EXPECT_TRUE(Admits(policy, Staff({"support"})));
  EXPECT_FALSE(Admits(policy, Backend({"members.read"})));
}

TEST(Caller, NamesItsServiceOnlyIfItIsOne) {
  EXPECT_EQ(Service("articles").service(), "articles");
  Caller caller = Staff({"admin"});
  caller.subject = "services/articles";
  EXPECT_EQ(caller.service(), "");
}

class PolicyOfTest : public ::testing::Test {
 protected:
  // A method whose options carry `policy`, or none.
  const google::protobuf::MethodDescriptor& Method(const Policy* policy) {
    google::protobuf::Empty::descriptor();
    google::protobuf::FileDescriptorProto file;
    file.set_name("policy_test.proto");
    file.set_syntax("proto3");
    file.add_dependency("google/protobuf/empty.proto");
    google::protobuf::ServiceDescriptorProto& service = *file.add_service();
    service.set_name("DesksService");
    google::protobuf::MethodDescriptorProto& method = *service.add_method();
    method.set_name("ListDesks");
    method.set_input_type(".google.protobuf.Empty");
    method.set_output_type(".google.protobuf.Empty");
    if (policy != nullptr) *method.mutable_options()->MutableExtension(options::v1::policy) = *policy;
    pool_ = std::make_unique<google::protobuf::DescriptorPool>(google::protobuf::DescriptorPool::generated_pool());
    return *pool_->BuildFile(file)->service(0)->method(0);
  }

  std::unique_ptr<google::protobuf::DescriptorPool> pool_;
};

TEST_F(PolicyOfTest, ReadsTheOption) {
  Policy policy;
  policy.add_roles("editor");
  const absl::StatusOr<Policy> read = PolicyOf(Method(&policy));
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(read->roles(0), "editor");
}

TEST_F(PolicyOfTest, RefusesAMethodWithoutOne) {
  EXPECT_THAT(PolicyOf(Method(nullptr)), StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(PolicyOfTest, RefusesOneThatAdmitsNobody) {
  const Policy empty;
  EXPECT_THAT(PolicyOf(Method(&empty)), StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(PolicyOfTest, RefusesEmptyNames) {
  Policy policy;
  policy.add_services("");
  EXPECT_THAT(PolicyOf(Method(&policy)), StatusIs(absl::StatusCode::kFailedPrecondition));
}

}  // namespace
}  // namespace masthead::auth
