#include "services/memberships/members/members_service.h"

#include <atomic>
#include <set>
#include <thread>

#include "absl/strings/str_cat.h"
#include "common/ids/uuid.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "services/memberships/members/member_store.h"
#include "tests/memberships/newsroom.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::SizeIs;

class MembersServiceTest : public NewsroomTest {
 protected:
  absl::StatusOr<v1::Member> Get(const std::string& token, const std::string& name) {
    v1::GetMemberRequest request;
    request.set_name(name);
    return Call(token, &Members::GetMember, request);
  }

  absl::StatusOr<v1::Member> Create(const std::string& token, const std::string& email, const std::string& id = "",
                                    const std::string& request_id = "") {
    v1::CreateMemberRequest request;
    request.mutable_member()->set_email(email);
    request.set_member_id(id);
    request.set_request_id(request_id);
    return Call(token, &Members::CreateMember, request);
  }

  absl::StatusOr<v1::Member> Update(const v1::Member& member, const std::vector<std::string>& mask,
                                    const std::string& request_id = "") {
    v1::UpdateMemberRequest request;
    *request.mutable_member() = member;
    for (const std::string& path : mask) request.mutable_update_mask()->add_paths(path);
    request.set_request_id(request_id);
    return Call(Backend(), &Members::UpdateMember, request);
  }

  absl::StatusOr<v1::Member> Delete(const std::string& name, const std::string& etag = "*") {
    v1::DeleteMemberRequest request;
    request.set_name(name);
    request.set_etag(etag);
    return Call(Backend(), &Members::DeleteMember, request);
  }

  absl::StatusOr<v1::Member> Lookup(const std::string& token, const std::string& email) {
    v1::LookupMemberRequest request;
    request.set_email(email);
    return Call(token, &Members::LookupMember, request);
  }
};

std::string MetadataName(const absl::Status& status) {
  google::rpc::ErrorInfo info;
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.ErrorInfo");
  if (payload) info.ParseFromString(std::string(*payload));
  return info.metadata().contains("name") ? info.metadata().at("name") : "";
}

std::set<std::string> BadFields(const absl::Status& status) {
  google::rpc::BadRequest bad;
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.BadRequest");
  if (payload) bad.ParseFromString(std::string(*payload));
  std::set<std::string> fields;
  for (const auto& violation : bad.field_violations()) fields.insert(violation.field());
  return fields;
}

TEST_F(MembersServiceTest, WhoRegistersIsAMemberAndIsAnnouncedOnce) {
  const auto created = Call(Backend(), &Members::CreateMember, Text<v1::CreateMemberRequest>(R"pb(
                              member {
                                name: "members/ignored"
                                email: " Nina@Example.org "
                                display_name: "Nina"
                                locale: "uk"
                                time_zone: "Europe/Kyiv"
                                labels { key: "source" value: "book fair" }
                              }
                            )pb"));
  ASSERT_THAT(created, IsOk());
  EXPECT_EQ(created->email(), "Nina@example.org");
  EXPECT_EQ(created->state(), v1::Member::ACTIVE);
  EXPECT_TRUE(ids::IsUuid(created->name().substr(std::string("members/").size())));

  const auto read = Get(Backend(), created->name());
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(read->SerializeAsString(), created->SerializeAsString());
  EXPECT_EQ(read->labels().at("source"), "book fair");

  const std::vector<v1::Event> events = Feed();
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_EQ(events[0].type(), "member.created");
  EXPECT_EQ(events[0].resource(), created->name());
  EXPECT_EQ(events[0].member_created().member(), created->name());
  EXPECT_THAT(events[0].DebugString(), ::testing::Not(::testing::HasSubstr("xample")));
}

TEST_F(MembersServiceTest, OneAddressIsOneMemberHoweverItIsWritten) {
  Register("nina", "Name@Google.com");

  const auto again = Create(Backend(), "name@GOOGLE.com");

  EXPECT_THAT(again, StatusIs(absl::StatusCode::kAlreadyExists, "MEMBER_EXISTS"));
  EXPECT_EQ(MetadataName(again.status()), "members/nina");
}

TEST_F(MembersServiceTest, WhoMayNotLookMembersUpLearnsNoNameFromAConflict) {
  Register("nina", "nina@example.org");

  const auto again = Create(server_.BackendToken({"members.write"}), "nina@example.org");

  EXPECT_THAT(again, StatusIs(absl::StatusCode::kAlreadyExists, "MEMBER_EXISTS"));
  EXPECT_EQ(MetadataName(again.status()), "");
  EXPECT_THAT(std::string(again.status().message()), ::testing::Not(::testing::HasSubstr("nina")));
}

TEST_F(MembersServiceTest, AnIdIsGivenOnce) {
  Register("nina", "nina@example.org");
  EXPECT_THAT(Create(Backend(), "other@example.org", "nina"),
              StatusIs(absl::StatusCode::kAlreadyExists, "MEMBER_EXISTS"));
}

TEST_F(MembersServiceTest, OfManyAtOnceWithOneAddressExactlyOneBecomesAMember) {
  std::atomic<int> registered = 0;
  std::atomic<int> told_of_the_other = 0;
  {
    std::vector<std::thread> threads;
    for (int i = 0; i < 16; ++i) {
      threads.emplace_back([&] {
        const auto member = Create(Backend(), "nina@example.org");
        if (member.ok()) ++registered;
        if (ErrorReason(member.status()) == "MEMBER_EXISTS") ++told_of_the_other;
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  EXPECT_EQ(registered, 1);
  EXPECT_EQ(told_of_the_other, 15);
  EXPECT_EQ(database_.QueryValue("SELECT count(*) FROM members"), "1");
  EXPECT_EQ(database_.QueryValue("SELECT sum(members) FROM member_counter_shards"), "1");
  EXPECT_THAT(FeedOf("member.created"), SizeIs(1));
}

TEST_F(MembersServiceTest, ARepeatedRequestHasOneEffectAndOneAnswer) {
  const std::string request_id = ids::NewUuid();
  const auto first = Create(Backend(), "nina@example.org", "", request_id);
  const auto second = Create(Backend(), "nina@example.org", "", request_id);

  ASSERT_THAT(first, IsOk());
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(first->SerializeAsString(), second->SerializeAsString());
  EXPECT_THAT(Feed(), SizeIs(1));
  EXPECT_THAT(Create(Backend(), "other@example.org", "", request_id),
              StatusIs(absl::StatusCode::kInvalidArgument, "REQUEST_ID_REUSED"));
}

TEST_F(MembersServiceTest, EveryBadFieldIsNamedAtOnce) {
  auto request = Text<v1::CreateMemberRequest>(R"pb(
    member_id: "Not An ID"
    member {
      email: "nowhere"
      locale: "en_GB"
      time_zone: "Mars/Olympus"
      labels { key: "Bad Key" value: "x" }
    }
  )pb");
  request.mutable_member()->set_display_name(std::string("ni\0na", 5));

  const auto member = Call(Backend(), &Members::CreateMember, request);

  EXPECT_THAT(member, StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  EXPECT_THAT(BadFields(member.status()), IsSupersetOf({"member_id", "member.email", "member.display_name",
                                                        "member.locale", "member.time_zone", "member.labels"}));
}

TEST_F(MembersServiceTest, AnUpdateWritesTheFieldsOfItsMaskAndSaysWhich) {
  v1::Member member = Register("nina", "nina@example.org");
  member.set_display_name("Nina");
  member.set_locale("uk");

  const auto updated = Update(member, {"display_name"});

  ASSERT_THAT(updated, IsOk());
  EXPECT_EQ(updated->display_name(), "Nina");
  EXPECT_EQ(updated->locale(), "");
  EXPECT_NE(updated->etag(), member.etag());
  const std::vector<v1::Event> events = FeedOf("member.updated");
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_THAT(events[0].member_updated().changed_fields(), ElementsAre("display_name"));
  EXPECT_THAT(events[0].DebugString(), ::testing::Not(::testing::HasSubstr("Nina")));
}

TEST_F(MembersServiceTest, AnUpdateNeedsTheEtagOfWhatItChanges) {
  v1::Member member = Register("nina", "nina@example.org");
  member.set_display_name("Nina");
  ASSERT_THAT(Update(member, {"display_name"}), IsOk());

  EXPECT_THAT(Update(member, {"display_name"}), StatusIs(absl::StatusCode::kAborted, "ETAG_MISMATCH"));
  member.set_etag("");
  EXPECT_THAT(Update(member, {"display_name"}), StatusIs(absl::StatusCode::kInvalidArgument, "ETAG_REQUIRED"));
  member.set_etag("*");
  EXPECT_THAT(Update(member, {"display_name"}), IsOk());
  EXPECT_THAT(Update(member, {"state"}), IsOk()) << "output-only fields are ignored";
  EXPECT_THAT(Update(member, {"no_such_field"}), StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
}

TEST_F(MembersServiceTest, OfManyUpdatesOnOneEtagOneWins) {
  v1::Member member = Register("nina", "nina@example.org");
  std::atomic<int> won = 0;
  {
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&, i] {
        v1::Member mine = member;
        mine.set_display_name(absl::StrCat("Nina ", i));
        if (Update(mine, {"display_name"}).ok()) ++won;
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  EXPECT_EQ(won, 1);
  EXPECT_THAT(FeedOf("member.updated"), SizeIs(1));
}

TEST_F(MembersServiceTest, AnAddressChangesHandsOnlyWhenItIsFree) {
  v1::Member nina = Register("nina", "nina@example.org");
  Register("omar", "omar@example.org");

  nina.set_email("OMAR@example.org");
  EXPECT_THAT(Update(nina, {"email"}), StatusIs(absl::StatusCode::kAlreadyExists, "MEMBER_EXISTS"));
  nina.set_email("Nina@example.org");
  EXPECT_THAT(Update(nina, {"email"}), IsOk()) << "the same address, written otherwise";
}

TEST_F(MembersServiceTest, OfManyMembersWhoTakeOneAddressAtOnceOneGetsIt) {
  std::vector<v1::Member> members;
  for (int i = 0; i < 8; ++i) members.push_back(Register(absl::StrCat("m", i), absl::StrCat("m", i, "@example.org")));
  std::atomic<int> got_it = 0;
  std::atomic<int> told_of_the_other = 0;
  {
    std::vector<std::thread> threads;
    for (v1::Member& member : members) {
      threads.emplace_back([&] {
        member.set_email("wanted@example.org");
        const auto updated = Update(member, {"email"});
        if (updated.ok()) ++got_it;
        if (ErrorReason(updated.status()) == "MEMBER_EXISTS") ++told_of_the_other;
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  EXPECT_EQ(got_it, 1);
  EXPECT_EQ(told_of_the_other, 7);
}

TEST_F(MembersServiceTest, ADeletedMemberIsGoneAndTheAddressIsFree) {
  const v1::Member nina = Register("nina", "nina@example.org");

  const auto deleted = Delete("members/nina", nina.etag());

  ASSERT_THAT(deleted, IsOk());
  EXPECT_EQ(deleted->state(), v1::Member::DELETED);
  EXPECT_TRUE(deleted->has_delete_time());
  EXPECT_THAT(Get(Backend(), "members/nina"), IsOk());
  EXPECT_THAT(Delete("members/nina"), StatusIs(absl::StatusCode::kNotFound, "MEMBER_NOT_FOUND"));
  EXPECT_THAT(Lookup(Backend(), "nina@example.org"), StatusIs(absl::StatusCode::kNotFound, "MEMBER_NOT_FOUND"));
  EXPECT_THAT(Update(nina, {"display_name"}), StatusIs(absl::StatusCode::kNotFound, "MEMBER_NOT_FOUND"));
  const auto listed = Call(Backend(), &Members::ListMembers, v1::ListMembersRequest());
  ASSERT_THAT(listed, IsOk());
  EXPECT_THAT(listed->members(), IsEmpty());
  EXPECT_THAT(FeedOf("member.deleted"), SizeIs(1));

  EXPECT_THAT(Create(Backend(), "nina@example.org", "nina-again"), IsOk());
  EXPECT_THAT(Create(Backend(), "third@example.org", "nina"),
              StatusIs(absl::StatusCode::kAlreadyExists, "MEMBER_EXISTS"));
  EXPECT_EQ(database_.QueryValue("SELECT sum(members) FROM member_counter_shards"), "1");
}

TEST_F(MembersServiceTest, NeitherEventsNorTheAuditTrailCarryAnAddress) {
  v1::Member nina = Register("nina", "canary@example.org");
  nina.set_email("canary2@example.org");
  ASSERT_THAT(Update(nina, {"email"}), IsOk());
  ASSERT_THAT(Delete("members/nina"), IsOk());

  EXPECT_EQ(database_.QueryValue("SELECT count(*) FROM audit_event WHERE resource = 'members/nina'"), "3");
  EXPECT_EQ(database_.QueryValue("SELECT count(*) FROM audit_event a WHERE a::text LIKE '%canary%'"), "0");
  EXPECT_EQ(database_.QueryValue("SELECT count(*) FROM event WHERE encode(payload, 'escape') LIKE '%canary%'"), "0");
}

TEST_F(MembersServiceTest, AddressesAreShownInFullOnlyToThoseWhoNeedThem) {
  Register("nina", "nina@example.org");

  EXPECT_EQ(Get(Backend(), "members/nina")->email(), "nina@example.org");
  EXPECT_EQ(Get(server_.MemberToken("members/nina"), "members/nina")->email(), "nina@example.org");
  EXPECT_EQ(Get(server_.StaffToken({"admin"}), "members/nina")->email(), "nina@example.org");
  EXPECT_EQ(Get(server_.StaffToken({"support"}), "members/nina")->email(), "n***@example.org");
  EXPECT_EQ(Create(server_.BackendToken({"members.write"}), "omar@example.org")->email(), "o***@example.org");
}

TEST_F(MembersServiceTest, AMemberSeesNobodyElseAndCannotTellWhoExists) {
  Register("nina", "nina@example.org");
  Register("omar", "omar@example.org");
  const std::string nina = server_.MemberToken("members/nina");

  const auto other = Get(nina, "members/omar");
  const auto nobody = Get(nina, "members/nobody");

  EXPECT_THAT(other, StatusIs(absl::StatusCode::kPermissionDenied, "NOT_OWN_RESOURCE"));
  EXPECT_THAT(nobody, StatusIs(absl::StatusCode::kPermissionDenied, "NOT_OWN_RESOURCE"));
  EXPECT_EQ(other.status().message(), nobody.status().message());
}

TEST_F(MembersServiceTest, LookupFindsTheAddressInAnySpelling) {
  Register("nina", "Nina@example.org");
  EXPECT_EQ(Lookup(Backend(), "nina@EXAMPLE.org")->name(), "members/nina");
  EXPECT_EQ(Lookup(server_.StaffToken({"support"}), "nina@example.org")->email(), "N***@example.org");
  EXPECT_THAT(Lookup(Backend(), "omar@example.org"), StatusIs(absl::StatusCode::kNotFound, "MEMBER_NOT_FOUND"));
}

TEST_F(MembersServiceTest, GettingAMemberShowsTheTiersOfTheMoment) {
  Register("nina", "nina@example.org");
  MakeTier("gold");
  MakeTier("silver");
  ASSERT_THAT(GrantTier("nina", "silver"), IsOk());
  ASSERT_THAT(GrantTier("nina", "gold", absl::Hours(1)), IsOk());

  EXPECT_THAT(Get(Backend(), "members/nina")->tiers(), ElementsAre("tiers/gold", "tiers/silver"));
  MoveTime(absl::Hours(2));
  EXPECT_THAT(Get(Backend(), "members/nina")->tiers(), ElementsAre("tiers/silver"));
}

TEST_F(MembersServiceTest, AListShowsEveryMemberOnceWhileOthersRegister) {
  for (int i = 0; i < 7; ++i) Register(absl::StrCat("m", i), absl::StrCat("m", i, "@example.org"));

  std::vector<std::string> seen;
  v1::ListMembersRequest request;
  request.set_page_size(3);
  do {
    const auto page = Call(Backend(), &Members::ListMembers, request);
    ASSERT_THAT(page, IsOk());
    for (const v1::Member& member : page->members()) seen.push_back(member.name());
    request.set_page_token(page->next_page_token());
    if (seen.size() == 3) Register("late", "late@example.org");
  } while (!request.page_token().empty());

  EXPECT_THAT(seen, ElementsAre("members/m0", "members/m1", "members/m2", "members/m3", "members/m4", "members/m5",
                                "members/m6", "members/late"));
}

TEST_F(MembersServiceTest, APageTokenIsGoodForItsOwnCallerOnly) {
  for (int i = 0; i < 3; ++i) Register(absl::StrCat("m", i), absl::StrCat("m", i, "@example.org"));
  v1::ListMembersRequest request;
  request.set_page_size(1);
  request.set_page_token(Call(Backend(), &Members::ListMembers, request)->next_page_token());

  EXPECT_THAT(Call(server_.StaffToken({"support"}), &Members::ListMembers, request),
              StatusIs(absl::StatusCode::kInvalidArgument, "BAD_PAGE_TOKEN"));
  request.set_page_token("forged");
  EXPECT_THAT(Call(Backend(), &Members::ListMembers, request),
              StatusIs(absl::StatusCode::kInvalidArgument, "BAD_PAGE_TOKEN"));
}

TEST_F(MembersServiceTest, WhoWasDeletedComesBackUnlessTheAddressIsTaken) {
  Register("nina", "nina@example.org");
  const auto undelete = [&](const std::string& id) {
    v1::UndeleteMemberRequest request;
    request.set_name("members/" + id);
    request.set_etag("*");
    return Call(Backend(), &Members::UndeleteMember, request);
  };
  EXPECT_THAT(undelete("nina"), StatusIs(absl::StatusCode::kFailedPrecondition, "MEMBER_NOT_DELETED"));
  EXPECT_THAT(undelete("nobody"), StatusIs(absl::StatusCode::kNotFound, "MEMBER_NOT_FOUND"));
  ASSERT_THAT(Delete("members/nina"), IsOk());
  Register("other", "Nina@example.org");
  EXPECT_THAT(undelete("nina"), StatusIs(absl::StatusCode::kAlreadyExists, "MEMBER_EXISTS"));
  ASSERT_THAT(Delete("members/other"), IsOk());

  const auto back = undelete("nina");

  ASSERT_THAT(back, IsOk());
  EXPECT_EQ(back->state(), v1::Member::ACTIVE);
  EXPECT_EQ(back->email(), "nina@example.org");
  EXPECT_FALSE(back->has_delete_time());
  EXPECT_THAT(Lookup(Backend(), "nina@example.org"), IsOk());
  EXPECT_EQ(database_.QueryValue("SELECT sum(members) FROM member_counter_shards"), "1");
}

TEST_F(MembersServiceTest, TheNoteIsNotForTheMember) {
  ASSERT_THAT(Call(Backend(), &Members::CreateMember, Text<v1::CreateMemberRequest>(R"pb(
                     member_id: "nina"
                     member {
                       email: "nina@example.org"
                       note: "complained"
                       custom_fields { key: "city" value: "Kyiv" }
                     }
                   )pb")),
              IsOk());
  EXPECT_EQ(Get(Backend(), "members/nina")->note(), "complained");
  const auto own = Get(server_.MemberToken("members/nina"), "members/nina");
  ASSERT_THAT(own, IsOk());
  EXPECT_EQ(own->note(), "");
  EXPECT_EQ(own->custom_fields().at("city"), "Kyiv");
}

TEST_F(MembersServiceTest, NotesAndCustomFieldsAreBounded) {
  v1::CreateMemberRequest request;
  request.mutable_member()->set_email("nina@example.org");
  request.mutable_member()->set_note(std::string(2001, 'x'));
  (*request.mutable_member()->mutable_custom_fields())["Bad Key"] = "";
  const auto refused = Call(Backend(), &Members::CreateMember, request);
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  EXPECT_THAT(BadFields(refused.status()), ElementsAre("member.custom_fields", "member.note"));
}

TEST_F(MembersServiceTest, ListsWhomTheFilterNamesInTheOrderThatIsAskedFor) {
  MakeTier("gold");
  for (const char* id : {"a", "b", "c"}) Register(id, std::string(id) + "@example.org");
  ASSERT_THAT(GrantTier("b", "gold"), IsOk());
  ASSERT_THAT(Delete("members/c"), IsOk());
  const auto names = [&](const std::string& filter, const std::string& order_by = "", bool show_deleted = false) {
    v1::ListMembersRequest request;
    request.set_filter(filter);
    request.set_order_by(order_by);
    request.set_show_deleted(show_deleted);
    const auto members = Call(Backend(), &Members::ListMembers, request);
    EXPECT_THAT(members, IsOk());
    std::vector<std::string> found;
    if (members.ok()) {
      for (const v1::Member& member : members->members()) found.push_back(member.name());
    }
    return found;
  };
  EXPECT_THAT(names(""), ElementsAre("members/a", "members/b"));
  EXPECT_THAT(names("", "create_time desc"), ElementsAre("members/b", "members/a"));
  EXPECT_THAT(names("tiers:\"tiers/gold\""), ElementsAre("members/b"));
  EXPECT_THAT(names("NOT tiers:\"tiers/gold\""), ElementsAre("members/a"));
  EXPECT_THAT(names("state = DELETED"), IsEmpty());
  EXPECT_THAT(names("state = DELETED", "", true), ElementsAre("members/c"));
  v1::ListMembersRequest bad;
  bad.set_filter("email = \"a@example.org\"");
  EXPECT_THAT(Call(Backend(), &Members::ListMembers, bad), StatusIs(absl::StatusCode::kInvalidArgument, "BAD_FILTER"));
}

TEST_F(MembersServiceTest, AnAddressIsVerifiedUntilItChanges) {
  Register("nina", "nina@example.org");
  ASSERT_THAT(database_.database().Write(Scope{},
                                         [&](db::Transaction& tx) {
                                           MarkEmailVerified(tx, "nina", absl::Now());
                                           return absl::OkStatus();
                                         }),
              IsOk());
  v1::Member nina = *Get(Backend(), "members/nina");
  EXPECT_TRUE(nina.has_email_verify_time());
  EXPECT_EQ(database_.QueryValue("SELECT email_domain FROM members"), "example.org");
  nina.set_display_name("Nina");
  nina = *Update(nina, {"display_name"});
  EXPECT_TRUE(nina.has_email_verify_time());
  nina.set_email("nina@elsewhere.example");
  ASSERT_THAT(Update(nina, {"email"}), IsOk());
  EXPECT_FALSE(Get(Backend(), "members/nina")->has_email_verify_time());
  EXPECT_EQ(database_.QueryValue("SELECT count(email_domain) FROM members"), "0");
}

}  // namespace
}  // namespace masthead::memberships
