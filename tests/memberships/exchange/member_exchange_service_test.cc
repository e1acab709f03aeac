#include "services/memberships/exchange/member_exchange_service.h"

#include <algorithm>
#include <random>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "services/memberships/exchange/csv.h"
#include "tests/memberships/newsroom.h"
#include "tests/memberships/seed.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class MemberExchangeServiceTest : public NewsroomTest {
 protected:
  struct Imported {
    v1::ImportMembersResponse last;
    std::vector<v1::ImportMembersResponse::RefusedRow> refused;
  };

  absl::StatusOr<Imported> Import(const std::string& file, bool validate_only = false, size_t part = 1000) {
    MemberExchange stub(server_.Channel());
    grpc::ClientContext context;
    rpc::Prepare(context, absl::Now() + absl::Seconds(60));
    testing::Authorize(context, Backend());
    const auto stream = stub.ImportMembers(&context);
    v1::ImportMembersRequest request;
    request.set_validate_only(validate_only);
    stream->Write(request);
    for (size_t i = 0; i < file.size(); i += part) {
      request.Clear();
      request.set_data(file.substr(i, part));
      stream->Write(request);
    }
    stream->WritesDone();
    Imported imported;
    v1::ImportMembersResponse response;
    while (stream->Read(&response)) {
      imported.refused.insert(imported.refused.end(), response.refused_rows().begin(), response.refused_rows().end());
      imported.last = response;
    }
    const grpc::Status status = stream->Finish();
    if (!status.ok()) return rpc::FromGrpcStatus(status);
    return imported;
  }

  absl::StatusOr<std::string> Export(const std::string& filter = "") {
    MemberExchange stub(server_.Channel());
    grpc::ClientContext context;
    rpc::Prepare(context, absl::Now() + absl::Seconds(60));
    testing::Authorize(context, Backend());
    v1::ExportMembersRequest request;
    request.set_filter(filter);
    const auto reader = stub.ExportMembers(&context, request);
    std::string file;
    v1::ExportMembersResponse response;
    while (reader->Read(&response)) file += response.data();
    const grpc::Status status = reader->Finish();
    if (!status.ok()) return rpc::FromGrpcStatus(status);
    return file;
  }

  absl::StatusOr<v1::Member> Lookup(const std::string& email) {
    v1::LookupMemberRequest request;
    request.set_email(email);
    return Call(Backend(), &Members::LookupMember, request);
  }
};

TEST_F(MemberExchangeServiceTest, RowsBecomeMembers) {
  MakeTier("gold");
  const auto imported = Import(
      "id,email,name,note,labels,tiers,create_time,locale,time_zone,consents\n"
      "nina,Nina@Example.org,Nina,\"likes, commas\",\"vip=yes;source=fair\",gold,2020-01-02T03:04:05Z,uk,Europe/Kyiv,"
      "breaking=granted;sport=withdrawn\n"
      ",omar@example.org,,,,,,,,\n");

  ASSERT_THAT(imported, IsOk());
  EXPECT_EQ(imported->last.created_count(), 2);
  EXPECT_THAT(imported->refused, IsEmpty());
  const auto nina = Lookup("nina@example.org");
  ASSERT_THAT(nina, IsOk());
  EXPECT_EQ(nina->name(), "members/nina");
  EXPECT_EQ(nina->email(), "Nina@example.org");
  EXPECT_EQ(nina->note(), "likes, commas");
  EXPECT_EQ(nina->labels().at("vip"), "yes");
  EXPECT_EQ(nina->create_time().seconds(), 1577934245);
  EXPECT_THAT(nina->tiers(), ElementsAre("tiers/gold"));
  EXPECT_THAT(FeedOf("member.created"), SizeIs(2));
  EXPECT_THAT(FeedOf("consent.changed"), SizeIs(2));
  EXPECT_THAT(FeedOf("entitlements.changed"), SizeIs(1));
  EXPECT_EQ(database_.QueryValue("SELECT DISTINCT source FROM consent_history"), "IMPORT");
  EXPECT_EQ(database_.QueryValue("SELECT sum(members) FROM member_counter_shards"), "2");

  // What comes after an import has the next number.
  ASSERT_THAT(Call(Backend(), &Members::UpdateMember, Text<v1::UpdateMemberRequest>(R"pb(
                     member { name: "members/nina" etag: "*" locale: "en" }
                   )pb")),
              IsOk());
  EXPECT_EQ(FeedOf("member.updated")[0].revision(), 5);
}

TEST_F(MemberExchangeServiceTest, TheSameFileAgainChangesNothing) {
  MakeTier("gold");
  const std::string file =
      "email,name,tiers,consents\nnina@example.org,Nina,gold,breaking=granted\nNINA@example.org,Nina,gold,breaking="
      "granted\n";
  const auto first = Import(file);
  ASSERT_THAT(first, IsOk());
  EXPECT_EQ(first->last.created_count(), 1);
  const size_t events = Feed().size();
  const auto second = Import("email,name,tiers,consents\nnina@example.org,Nina,gold,breaking=granted\n");
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->last.created_count(), 0);
  EXPECT_EQ(second->last.refused_count(), 0);
  EXPECT_EQ(Import("email,name\nnina@example.org,Nina\n")->last.unchanged_count(), 1);
  EXPECT_LE(Feed().size(), events + 1) << "the address as it is written may have changed once";
}

TEST_F(MemberExchangeServiceTest, BadRowsComeBackToBeMendedAndSentAgain) {
  Register("nina", "nina@example.org");
  v1::EraseMemberRequest erase;
  erase.set_name("members/nina");
  ASSERT_THAT(Call(Backend(), &Privacy::EraseMember, erase), IsOk());
  const auto imported = Import(
      "email,name,tiers\n"
      "no address,A,\n"
      "nina@example.org,B,\n"
      "c@example.org,\"C\nC\",missing\n"
      "d@example.org,D,\n"
      "\"e\"@example.org,E,\n"
      "f@example.org,F,");

  ASSERT_THAT(imported, IsOk());
  EXPECT_EQ(imported->last.created_count(), 2);
  EXPECT_EQ(imported->last.header(), "email,name,tiers\n");
  std::vector<std::string> told;
  std::string file = imported->last.header();
  for (const auto& row : imported->refused) {
    told.push_back(absl::StrCat(row.line(), " ", row.reason()));
    file += row.row();
    EXPECT_THAT(row.message(), Not(HasSubstr("nina@")));
  }
  EXPECT_THAT(told, ElementsAre("2 INVALID_FIELD", "3 ERASED_ADDRESS", "4 INVALID_FIELD", "7 INVALID_FIELD"));
  const auto again = Import(file);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->last.refused_count(), 4) << "what is sent again is the same rows";
}

TEST_F(MemberExchangeServiceTest, AFileWithoutHeaderIsRefusedAsAWhole) {
  for (const char* file : {"", "nina@example.org\n", "name\nNina\n", "email,email\n"}) {
    EXPECT_THAT(Import(file), StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD")) << file;
  }
}

TEST_F(MemberExchangeServiceTest, ATrialTellsAndChangesNothing) {
  const auto imported = Import("email\nnina@example.org\nbad\n", /*validate_only=*/true);
  ASSERT_THAT(imported, IsOk());
  EXPECT_EQ(imported->last.created_count(), 1);
  EXPECT_EQ(imported->last.refused_count(), 1);
  EXPECT_EQ(database_.QueryValue("SELECT count(*) FROM members"), "0");
  EXPECT_THAT(Feed(), IsEmpty());
}

TEST_F(MemberExchangeServiceTest, WhatIsExportedAndImportedElsewhereIsTheSameNewsroom) {
  std::mt19937 random(TestSeed());
  MakeTier("gold");
  const std::vector<std::string> pieces = {"=", "'", "+", "-", "@", ",", "\"", ";", "\\", "a", "ї", "😀", "\n"};
  for (int i = 0; i < 120; ++i) {
    v1::CreateMemberRequest request;
    request.set_member_id(absl::StrCat("m", i));
    v1::Member& member = *request.mutable_member();
    member.set_email(absl::StrCat("M", i, "+tag@example.org"));
    const auto text = [&](bool lines) {
      std::string value;
      for (size_t j = random() % 5; j > 0; --j) value += pieces[random() % (pieces.size() - (lines ? 0 : 1))];
      return value;
    };
    member.set_display_name(text(false));
    member.set_note(text(true));
    (*member.mutable_labels())["wave"] = text(false);
    (*member.mutable_custom_fields())["field"] = text(true);
    ASSERT_THAT(Call(Backend(), &Members::CreateMember, request), IsOk());
    if (i % 3 == 0) {
      ASSERT_THAT(GrantTier(absl::StrCat("m", i), "gold", absl::Hours(1 + i)), IsOk());
    }
  }
  const auto file = Export();
  ASSERT_THAT(file, IsOk());

  // Here everything is there already.
  const auto again = Import(*file);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->last.unchanged_count(), 120);

  // There nobody is.
  database_.Execute("TRUNCATE members, event CASCADE");
  const auto elsewhere = Import(*file);
  ASSERT_THAT(elsewhere, IsOk());
  EXPECT_EQ(elsewhere->last.created_count(), 120);
  const auto from_there = Export();
  ASSERT_THAT(from_there, IsOk());
  EXPECT_EQ(*from_there, *file);
}

TEST_F(MemberExchangeServiceTest, NoCellOfAnExportIsAFormula) {
  v1::CreateMemberRequest request;
  request.mutable_member()->set_email("-nina@example.org");
  request.mutable_member()->set_display_name("=HYPERLINK(1)");
  ASSERT_THAT(Call(Backend(), &Members::CreateMember, request), IsOk());
  const auto file = Export();
  ASSERT_THAT(file, IsOk());
  CsvReader reader;
  std::vector<CsvRow> rows;
  reader.Read(*file, rows);
  ASSERT_THAT(rows, SizeIs(2));
  for (const std::string& cell : rows[1].cells) {
    EXPECT_EQ(std::string("=+-@\t\r").find(cell.substr(0, 1)) == std::string::npos || cell.empty(), true) << cell;
  }
}

TEST_F(MemberExchangeServiceTest, ThousandsAreImportedInPartsAndExportedByFilter) {
  std::string file = "email,labels\n";
  for (int i = 0; i < 9000; ++i) absl::StrAppend(&file, "m", i, "@example.org,wave=", i % 3, "\n");
  const auto imported = Import(file, /*validate_only=*/false, 100'000);
  ASSERT_THAT(imported, IsOk());
  EXPECT_EQ(imported->last.created_count(), 9000);
  EXPECT_EQ(database_.QueryValue("SELECT count(*) FROM event"), "9000");
  const auto some = Export("labels.wave = \"1\"");
  ASSERT_THAT(some, IsOk());
  EXPECT_EQ(std::count(some->begin(), some->end(), '\n'), 3001);
}

}  // namespace
}  // namespace masthead::memberships
