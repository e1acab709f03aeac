#include <atomic>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "gmock/gmock.h"
#include "masthead/memberships/v1/seats_service.grpc.pb.h"
#include "services/memberships/seats/seat_codes.h"
#include "services/memberships/seats/seat_grants.h"
#include "tests/memberships/newsroom.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using Seats = v1::SeatsService::Stub;

constexpr char kGroup[] = "members/nina/subscriptions/s1";

class SeatsServiceTest : public NewsroomTest {
 protected:
  void SetUp() override {
    MakeTier("gold");
    for (const char* id : {"nina", "olha", "omar"}) Register(id, absl::StrCat(id, "@example.org"));
    database_.Execute(
        "INSERT INTO prices (id, tier_id, display_name, currency, amount, most_seats, state, revision, create_time,"
        " update_time) VALUES ('gold-eur', 'gold', 'Gold', 'EUR', 500, 100, 'ACTIVE', 1, now(), now());"
        "INSERT INTO subscriptions (id, member_id, tier_id, price_id, product_group, state, collection, currency, "
        "amount,"
        " seats, tax_basis_points, grace_days, time_zone, anchor_time, period_index, period_start_time, "
        "access_end_time,"
        " provider, revision, create_time, update_time)"
        " VALUES ('s1', 'nina', 'gold', 'gold-eur', 'membership', 'ACTIVE', 'MANUAL', 'EUR', 500, 5, 0, 21, 'UTC', "
        "now(),"
        " 0, now(), now() + interval '30 days', '', 1, now(), now())");
  }

  std::string TokenOf(const std::string& member) { return server_.MemberToken("members/" + member); }

  absl::StatusOr<v1::Seat> Invite(const std::string& email, const std::string& token) {
    v1::InviteSeatRequest request;
    request.set_parent(kGroup);
    request.set_email(email);
    return Call(token, &Seats::InviteSeat, request);
  }

  std::string CodeOf(const v1::Seat& seat, int invitation = 1) {
    Seat one;
    one.subscription_id = "s1";
    one.id = std::string(absl::StripPrefix(seat.name(), absl::StrCat(kGroup, "/seats/")));
    return codes_.CodeOf(one, invitation);
  }

  absl::StatusOr<v1::Seat> Accept(const std::string& member, const std::string& code) {
    v1::AcceptSeatRequest request;
    request.set_member("members/" + member);
    request.set_code(code);
    return Call(TokenOf(member), &Seats::AcceptSeat, request);
  }

  v1::Seat Sit(const std::string& member) {
    const auto seat = Invite(member + "@example.org", TokenOf("nina"));
    EXPECT_THAT(seat, IsOk());
    const auto taken = seat.ok() ? Accept(member, CodeOf(*seat)) : seat;
    EXPECT_THAT(taken, IsOk());
    return taken.ok() ? *taken : v1::Seat();
  }

  v1::ListSeatsResponse List() {
    v1::ListSeatsRequest request;
    request.set_parent(kGroup);
    const auto response = Call(TokenOf("nina"), &Seats::ListSeats, request);
    EXPECT_THAT(response, IsOk());
    return response.ok() ? *response : v1::ListSeatsResponse();
  }

  absl::Status Remove(const std::string& name, const std::string& token) {
    v1::RemoveSeatRequest request;
    request.set_name(name);
    request.set_etag("*");
    return Call(token, &Seats::RemoveSeat, request).status();
  }

  int TiersOf(const std::string& member) {
    v1::GetMemberRequest request;
    request.set_name("members/" + member);
    const auto read = Call(Backend(), &Members::GetMember, request);
    EXPECT_THAT(read, IsOk());
    return read.ok() ? read->tiers_size() : -1;
  }

  template <typename Body>
  void Write(Body body) {
    ASSERT_THAT(database_.database().Write(Scope(),
                                           [&](db::Transaction& tx) {
                                             body(tx);
                                             return absl::OkStatus();
                                           }),
                IsOk());
  }

  const SeatCodes codes_{mac_key_};
};

TEST_F(SeatsServiceTest, WhoIsInvitedSitsAndHasTheTier) {
  const auto invited = Invite("olha@example.org", TokenOf("nina"));
  ASSERT_THAT(invited, IsOk());
  EXPECT_EQ(invited->state(), v1::Seat::INVITED);
  EXPECT_EQ(invited->masked_email(), "o***@example.org");
  EXPECT_EQ(List().used_seats(), 2);

  const auto taken = Accept("olha", CodeOf(*invited));

  ASSERT_THAT(taken, IsOk());
  EXPECT_EQ(taken->state(), v1::Seat::TAKEN);
  EXPECT_EQ(taken->holder(), "members/olha");
  EXPECT_EQ(TiersOf("olha"), 1);
  EXPECT_EQ(List().used_seats(), 2);
  EXPECT_EQ(List().total_seats(), 5);
  EXPECT_THAT(FeedOf("seat.invited"), SizeIs(1));
  EXPECT_THAT(FeedOf("seat.taken"), SizeIs(1));
  EXPECT_THAT(Accept("omar", CodeOf(*invited)), StatusIs(absl::StatusCode::kFailedPrecondition, "INVITATION_OVER"));
}

TEST_F(SeatsServiceTest, FiveSeatsAreTheOwnersAndFourMore) {
  for (int i = 0; i < 4; ++i) ASSERT_THAT(Invite(absl::StrCat("r", i, "@example.org"), TokenOf("nina")), IsOk());
  EXPECT_THAT(Invite("r4@example.org", TokenOf("nina")), StatusIs(absl::StatusCode::kResourceExhausted, "NO_SEATS"));
  // Who was invited may be invited again...
  EXPECT_THAT(Invite("R0@Example.org", TokenOf("nina")), IsOk());
  // ...and an invitation that nobody took up holds no seat.
  MoveTime(absl::Hours(24 * 29));
  EXPECT_THAT(Invite("r4@example.org", TokenOf("nina")), StatusIs(absl::StatusCode::kResourceExhausted, "NO_SEATS"));
  database_.Execute("UPDATE subscriptions SET access_end_time = NULL");
  MoveTime(absl::Hours(24));
  EXPECT_THAT(Invite("r4@example.org", TokenOf("nina")), IsOk());
}

TEST_F(SeatsServiceTest, InvitingWhoHasASeatChangesNothing) {
  const v1::Seat olha = Sit("olha");
  EXPECT_EQ(Invite("olha@example.org", TokenOf("nina"))->name(), olha.name());
  EXPECT_EQ(Invite("nina@example.org", TokenOf("nina"))->holder(), "members/nina");
  EXPECT_EQ(List().used_seats(), 2);
}

TEST_F(SeatsServiceTest, ASecondInvitationReplacesTheFirst) {
  const auto first = Invite("olha@example.org", TokenOf("nina"));
  const auto second = Invite("olha@example.org", TokenOf("nina"));
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(first->name(), second->name());
  EXPECT_THAT(Accept("olha", CodeOf(*first, 1)), StatusIs(absl::StatusCode::kFailedPrecondition, "INVITATION_OVER"));
  EXPECT_THAT(Accept("olha", CodeOf(*second, 2)), IsOk());
}

TEST_F(SeatsServiceTest, OfTenWhoAreInvitedOneHasTheOneSeat) {
  database_.Execute("UPDATE subscriptions SET seats = 11");
  std::vector<std::string> codes;
  for (int i = 0; i < 10; ++i) {
    const std::string id = absl::StrCat("reader", i);
    Register(id, id + "@example.org");
    const auto seat = Invite(id + "@example.org", TokenOf("nina"));
    ASSERT_THAT(seat, IsOk());
    codes.push_back(CodeOf(*seat));
  }
  database_.Execute("UPDATE subscriptions SET seats = 2");

  std::atomic<int> sits = 0;
  std::atomic<int> stands = 0;
  std::vector<std::thread> readers;
  for (int i = 0; i < 10; ++i) {
    readers.emplace_back([&, i] {
      const auto seat = Accept(absl::StrCat("reader", i), codes[i]);
      if (seat.ok()) ++sits;
      if (ErrorReason(seat.status()) == "NO_SEATS") ++stands;
    });
  }
  for (std::thread& reader : readers) reader.join();

  EXPECT_EQ(sits, 1);
  EXPECT_EQ(stands, 9);
  EXPECT_EQ(database_.QueryValue("SELECT count(*) FROM grants WHERE source = 'SEAT' AND revoke_time IS NULL"), "1");
}

TEST_F(SeatsServiceTest, ManagersInviteAndOwnersMakeManagers) {
  const v1::Seat olha = Sit("olha");
  EXPECT_THAT(Invite("omar@example.org", TokenOf("olha")),
              StatusIs(absl::StatusCode::kPermissionDenied, "NOT_OWN_RESOURCE"));
  v1::SetSeatManagerRequest request;
  request.set_name(olha.name());
  request.set_manager(true);
  request.set_etag(olha.etag());
  EXPECT_THAT(Call(TokenOf("olha"), &Seats::SetSeatManager, request),
              StatusIs(absl::StatusCode::kPermissionDenied, "NOT_OWN_RESOURCE"));
  const auto manager = Call(TokenOf("nina"), &Seats::SetSeatManager, request);
  ASSERT_THAT(manager, IsOk());
  EXPECT_TRUE(manager->manager());
  EXPECT_THAT(Invite("omar@example.org", TokenOf("olha")), IsOk());
  EXPECT_THAT(Call(TokenOf("nina"), &Seats::SetSeatManager, request),
              StatusIs(absl::StatusCode::kAborted, "ETAG_MISMATCH"));
}

TEST_F(SeatsServiceTest, WhoGivesUpASeatHasTheTierNoLonger) {
  const v1::Seat olha = Sit("olha");
  const v1::Seat omar = Sit("omar");
  EXPECT_THAT(Remove(olha.name(), TokenOf("omar")), StatusIs(absl::StatusCode::kPermissionDenied, "NOT_OWN_RESOURCE"));
  EXPECT_THAT(Remove(olha.name(), TokenOf("olha")), IsOk());
  EXPECT_THAT(Remove(omar.name(), TokenOf("nina")), IsOk());
  EXPECT_THAT(Remove(omar.name(), TokenOf("nina")), StatusIs(absl::StatusCode::kNotFound, "SEAT_NOT_FOUND"));
  EXPECT_EQ(TiersOf("olha"), 0);
  EXPECT_EQ(TiersOf("omar"), 0);
  EXPECT_THAT(List().seats(), IsEmpty());
  EXPECT_THAT(FeedOf("seat.given_up"), SizeIs(2));
}

TEST_F(SeatsServiceTest, AnInvitationCanBeTakenBack) {
  const auto seat = Invite("olha@example.org", TokenOf("nina"));
  v1::RevokeInvitationRequest request;
  request.set_name(seat->name());
  request.set_etag(seat->etag());
  EXPECT_THAT(Call(TokenOf("nina"), &Seats::RevokeInvitation, request), IsOk());
  EXPECT_THAT(Accept("olha", CodeOf(*seat)), StatusIs(absl::StatusCode::kFailedPrecondition, "INVITATION_OVER"));
  request.set_name(Sit("omar").name());
  request.set_etag("*");
  EXPECT_THAT(Call(TokenOf("nina"), &Seats::RevokeInvitation, request),
              StatusIs(absl::StatusCode::kFailedPrecondition, "INVITATION_OVER"));
}

TEST_F(SeatsServiceTest, OthersDoNotLearnThatThereIsAGroup) {
  v1::ListSeatsRequest request;
  for (const char* parent : {kGroup, "members/nina/subscriptions/none"}) {
    request.set_parent(parent);
    EXPECT_THAT(Call(TokenOf("omar"), &Seats::ListSeats, request),
                StatusIs(absl::StatusCode::kPermissionDenied, "NOT_OWN_RESOURCE"));
  }
  EXPECT_THAT(Call(Backend(), &Seats::ListSeats, request),
              StatusIs(absl::StatusCode::kNotFound, "SUBSCRIPTION_NOT_FOUND"));
  request.set_parent("members/olha/subscriptions/s1");
  EXPECT_THAT(Call(Backend(), &Seats::ListSeats, request),
              StatusIs(absl::StatusCode::kNotFound, "SUBSCRIPTION_NOT_FOUND"));
}

TEST_F(SeatsServiceTest, SeatsGiveWhatTheSubscriptionGives) {
  MakeTier("silver");
  Sit("olha");
  Sit("omar");
  const size_t told = FeedOf("entitlements.changed").size();
  const absl::Time later = DatabaseNow() + absl::Hours(60 * 24);
  const auto refresh = [&](const char* tier, std::optional<absl::Time> end) {
    Write([&](db::Transaction& tx) { RefreshSeatGrants(tx, memberships_.feed(), "s1", tier, end, DatabaseNow()); });
  };

  refresh("gold", later);
  EXPECT_THAT(FeedOf("entitlements.changed"), SizeIs(told));  // A renewal changes nothing for them.
  EXPECT_EQ(database_.QueryValue("SELECT count(*) FROM grants WHERE end_time > db_now() + interval '59 days'"), "2");
  refresh("silver", later);
  EXPECT_THAT(FeedOf("entitlements.changed"), SizeIs(told + 2));
  refresh("silver", std::nullopt);
  EXPECT_EQ(TiersOf("olha"), 1);
  refresh("silver", DatabaseNow());
  EXPECT_EQ(TiersOf("olha"), 0);
  EXPECT_EQ(TiersOf("omar"), 0);
  refresh("gold", later);
  EXPECT_EQ(TiersOf("olha"), 1);
}

TEST_F(SeatsServiceTest, FewerSeatsAreThoseOfTheFirst) {
  Sit("olha");
  MoveTime(absl::Seconds(1));
  Sit("omar");
  ASSERT_THAT(Invite("late@example.org", TokenOf("nina")), IsOk());
  const auto check = [&](int32_t seats) {
    return database_.database().Write(Scope(), [&](db::Transaction& tx) { return CheckSeats(tx, "s1", seats); });
  };
  EXPECT_THAT(check(4), IsOk());
  EXPECT_THAT(check(3), StatusIs(absl::StatusCode::kResourceExhausted, "NO_SEATS"));
  Write([&](db::Transaction& tx) { TrimSeats(tx, memberships_.feed(), "s1", 2, DatabaseNow()); });
  EXPECT_THAT(check(2), IsOk());
  EXPECT_EQ(TiersOf("olha"), 1);
  EXPECT_EQ(TiersOf("omar"), 0);
}

TEST_F(SeatsServiceTest, ASubscriptionThatIsOverHasNoSeats) {
  const auto seat = Invite("olha@example.org", TokenOf("nina"));
  database_.Execute("UPDATE subscriptions SET state = 'CANCELED', end_time = now()");
  EXPECT_THAT(Accept("olha", CodeOf(*seat)), StatusIs(absl::StatusCode::kFailedPrecondition, "INVALID_TRANSITION"));
  EXPECT_THAT(Invite("omar@example.org", TokenOf("nina")),
              StatusIs(absl::StatusCode::kFailedPrecondition, "INVALID_TRANSITION"));
}

}  // namespace
}  // namespace masthead::memberships
