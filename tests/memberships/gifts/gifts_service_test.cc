#include <atomic>
#include <thread>

#include "gmock/gmock.h"
#include "masthead/memberships/v1/gifts_service.grpc.pb.h"
#include "services/memberships/gifts/due_gifts.h"
#include "services/memberships/gifts/gift_codes.h"
#include "services/memberships/gifts/gift_fulfilment.h"
#include "tests/memberships/newsroom.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using Gifts = v1::GiftsService::Stub;

class GiftsServiceTest : public NewsroomTest {
 protected:
  void SetUp() override {
    MakeTier("gold");
    Register("nina", "nina@example.org");
    Register("olha", "olha@example.org");
    database_.Execute(
        "INSERT INTO prices (id, tier_id, display_name, currency, amount, state, revision, create_time, update_time)"
        " VALUES ('gold-eur', 'gold', 'Gold', 'EUR', 500, 'ACTIVE', 1, now(), now())");
  }

  // Nina pays for one.
  void Buy(const std::string& id, const std::string& details) {
    database_.Execute(
        "INSERT INTO checkouts (id, member_id, kind, state, price_id, currency, amount, details, attribution, provider,"
        " success_url, cancel_url, revision, create_time, expire_time) VALUES ('" +
        id + "', 'nina', 'GIFT', 'COMPLETED', 'gold-eur', 'EUR', 500, '{}', '{}', '', '', '', 1, now(), now())");
    Checkout checkout;
    checkout.id = id;
    checkout.member_id = "nina";
    checkout.price_id = "gold-eur";
    checkout.details = details;
    Write([&](db::Transaction& tx) {
      FulfilGift(tx, memberships_.feed(), checkout, "invoice", DatabaseNow());
      FulfilGift(tx, memberships_.feed(), checkout, "invoice", DatabaseNow());  // The money may be told of twice.
    });
  }

  void Refund(const std::string& id) {
    Write([&](db::Transaction& tx) { WithdrawGift(tx, memberships_.feed(), id, DatabaseNow()); });
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

  // What the worker does.
  void RunDue() {
    absl::StatusOr<int> handed = 1;
    while (handed.ok() && *handed > 0) {
      handed = RunDueGifts(database_.database(), memberships_.feed(), codes_, absl::UTCTimeZone(), Scope());
    }
    ASSERT_THAT(handed, IsOk());
  }

  std::string Code(const std::string& id, int delivery = 1) {
    Gift gift;
    gift.id = id;
    return codes_.CodeOf(gift, delivery);
  }

  absl::StatusOr<v1::Gift> Redeem(const std::string& member, const std::string& code) {
    v1::RedeemGiftRequest request;
    request.set_member("members/" + member);
    request.set_code(code);
    return Call(server_.MemberToken("members/" + member), &Gifts::RedeemGift, request);
  }

  absl::StatusOr<v1::GiftPreview> Preview(const std::string& code) {
    v1::PreviewGiftRequest request;
    request.set_code(code);
    return Call("", &Gifts::PreviewGift, request);
  }

  absl::StatusOr<v1::Gift> Get(const std::string& id, const std::string& token) {
    v1::GetGiftRequest request;
    request.set_name("gifts/" + id);
    return Call(token, &Gifts::GetGift, request);
  }

  std::vector<std::string> TiersOf(const std::string& member) {
    v1::GetMemberRequest request;
    request.set_name("members/" + member);
    const auto read = Call(Backend(), &Members::GetMember, request);
    EXPECT_THAT(read, IsOk());
    return read.ok() ? std::vector<std::string>(read->tiers().begin(), read->tiers().end())
                     : std::vector<std::string>();
  }

  const GiftCodes codes_{mac_key_};
};

TEST_F(GiftsServiceTest, AGiftIsDeliveredShownAndRedeemed) {
  Buy("g1", R"({"months": 3, "receiver_email": "olha@example.org", "giver_name": "Nina", "message": "Enjoy"})");
  EXPECT_THAT(Preview(Code("g1")), StatusIs(absl::StatusCode::kNotFound, "GIFT_NOT_FOUND"));
  RunDue();

  const auto preview = Preview(Code("g1"));
  ASSERT_THAT(preview, IsOk());
  EXPECT_EQ(preview->tier(), "tiers/gold");
  EXPECT_EQ(preview->months(), 3);
  EXPECT_EQ(preview->message(), "Enjoy");

  const auto redeemed = Redeem("olha", Code("g1"));
  ASSERT_THAT(redeemed, IsOk());
  EXPECT_EQ(redeemed->state(), v1::Gift::REDEEMED);
  EXPECT_THAT(TiersOf("olha"), ElementsAre("tiers/gold"));
  EXPECT_THAT(Redeem("nina", Code("g1")), StatusIs(absl::StatusCode::kFailedPrecondition, "GIFT_OVER"));
  EXPECT_THAT(FeedOf("gift.purchased"), SizeIs(1));
  EXPECT_THAT(FeedOf("gift.delivered"), SizeIs(1));
  ASSERT_THAT(FeedOf("gift.redeemed"), SizeIs(1));
  EXPECT_EQ(FeedOf("gift.redeemed")[0].gift_changed().member(), "members/olha");
}

TEST_F(GiftsServiceTest, OfTenWhoRedeemAtOnceOneHasIt) {
  Buy("g1", R"({"months": 1})");
  RunDue();
  for (int i = 0; i < 10; ++i) Register("reader" + std::to_string(i), "reader" + std::to_string(i) + "@example.org");
  std::atomic<int> won = 0;
  std::atomic<int> over = 0;
  std::vector<std::thread> readers;
  for (int i = 0; i < 10; ++i) {
    readers.emplace_back([&, i] {
      const auto gift = Redeem("reader" + std::to_string(i), Code("g1"));
      if (gift.ok()) ++won;
      if (ErrorReason(gift.status()) == "GIFT_OVER") ++over;
    });
  }
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(won, 1);
  EXPECT_EQ(over, 9);
  EXPECT_EQ(database_.QueryValue("SELECT count(*) FROM grants WHERE source = 'GIFT'"), "1");
}

TEST_F(GiftsServiceTest, ASecondGiftBeginsWhereTheFirstEnds) {
  Buy("g1", R"({"months": 1})");
  Buy("g2", R"({"months": 1})");
  RunDue();
  const auto first = Redeem("olha", Code("g1"));
  const auto second = Redeem("olha", Code("g2"));
  ASSERT_THAT(first, IsOk());
  ASSERT_THAT(second, IsOk());
  EXPECT_GE(second->end_time().seconds() - first->end_time().seconds(), 28 * 86'400);
}

TEST_F(GiftsServiceTest, ARefundedGiftIsWorthNothing) {
  Buy("g1", R"({"months": 12})");
  Buy("g2", R"({"months": 12})");
  RunDue();
  ASSERT_THAT(Redeem("olha", Code("g1")), IsOk());
  Refund("g1");
  Refund("g1");
  Refund("g2");
  EXPECT_THAT(TiersOf("olha"), IsEmpty());
  EXPECT_THAT(Redeem("olha", Code("g2")), StatusIs(absl::StatusCode::kFailedPrecondition, "GIFT_OVER"));
  EXPECT_THAT(FeedOf("gift.refunded"), SizeIs(2));
}

TEST_F(GiftsServiceTest, AGiftWaitsForItsDay) {
  const std::string date = absl::FormatTime("%Y-%m-%d", DatabaseNow() + absl::Hours(72), absl::UTCTimeZone());
  Buy("g1", R"({"months": 1, "receiver_email": "olha@example.org", "delivery_date": ")" + date + "\"}");
  RunDue();
  EXPECT_EQ(Get("g1", Backend())->state(), v1::Gift::SCHEDULED);
  EXPECT_THAT(Preview(Code("g1")), StatusIs(absl::StatusCode::kNotFound, "GIFT_NOT_FOUND"));
  MoveTime(absl::Hours(96));
  RunDue();
  EXPECT_THAT(Preview(Code("g1")), IsOk());
}

TEST_F(GiftsServiceTest, WhatNobodyRedeemsInAYearExpires) {
  Buy("g1", R"({"months": 1, "receiver_email": "olha@example.org"})");
  RunDue();
  MoveTime(absl::Hours(359 * 24));
  RunDue();
  EXPECT_EQ(database_.QueryValue("SELECT reminded FROM gifts"), "t");
  EXPECT_THAT(Preview(Code("g1")), IsOk());
  MoveTime(absl::Hours(6 * 24));
  // It is too late whether the worker has come by or not.
  EXPECT_THAT(Redeem("olha", Code("g1")), StatusIs(absl::StatusCode::kFailedPrecondition, "GIFT_OVER"));
  RunDue();
  EXPECT_THAT(Redeem("olha", Code("g1")), StatusIs(absl::StatusCode::kFailedPrecondition, "GIFT_OVER"));
  EXPECT_EQ(Get("g1", Backend())->state(), v1::Gift::EXPIRED);
  EXPECT_EQ(database_.QueryValue("SELECT receiver_email FROM gifts"), "");
  EXPECT_THAT(FeedOf("gift.expired"), SizeIs(1));
}

TEST_F(GiftsServiceTest, GiverAndReceiverSeeTheirSideOfIt) {
  Buy("g1", R"({"months": 1, "receiver_email": "olha@example.org"})");
  RunDue();
  const std::string nina = server_.MemberToken("members/nina");
  const std::string olha = server_.MemberToken("members/olha");
  EXPECT_EQ(Get("g1", nina)->delivery().receiver_email(), "olha@example.org");
  EXPECT_EQ(Get("g1", server_.StaffToken({"support"}))->delivery().receiver_email(), "o***@example.org");
  EXPECT_THAT(Get("g1", olha), StatusIs(absl::StatusCode::kPermissionDenied, "NOT_OWN_RESOURCE"));
  EXPECT_THAT(Get("none", olha), StatusIs(absl::StatusCode::kPermissionDenied, "NOT_OWN_RESOURCE"));
  EXPECT_THAT(Get("none", Backend()), StatusIs(absl::StatusCode::kNotFound, "GIFT_NOT_FOUND"));

  ASSERT_THAT(Redeem("olha", Code("g1")), IsOk());
  EXPECT_EQ(Get("g1", nina)->receiver(), "");
  EXPECT_EQ(Get("g1", olha)->receiver(), "members/olha");
  EXPECT_EQ(Get("g1", olha)->giver(), "");

  v1::ListGiftsRequest request;
  EXPECT_THAT(Call(olha, &Gifts::ListGifts, request),
              StatusIs(absl::StatusCode::kPermissionDenied, "NOT_OWN_RESOURCE"));
  request.set_member("members/olha");
  EXPECT_THAT(Call(olha, &Gifts::ListGifts, request)->gifts(), SizeIs(1));
}

TEST_F(GiftsServiceTest, AGiftThatWentAstrayIsDeliveredAgainUnderAnotherCode) {
  Buy("g1", R"({"months": 1, "receiver_email": "wrong@example.org"})");
  RunDue();
  v1::UpdateGiftDeliveryRequest request;
  request.set_name("gifts/g1");
  request.set_etag(Get("g1", Backend())->etag());
  request.mutable_delivery()->set_receiver_email("olha@example.org");
  EXPECT_THAT(Call(server_.MemberToken("members/olha"), &Gifts::UpdateGiftDelivery, request),
              StatusIs(absl::StatusCode::kPermissionDenied, "NOT_OWN_RESOURCE"));
  ASSERT_THAT(Call(server_.MemberToken("members/nina"), &Gifts::UpdateGiftDelivery, request), IsOk());
  EXPECT_THAT(Call(Backend(), &Gifts::UpdateGiftDelivery, request),
              StatusIs(absl::StatusCode::kAborted, "ETAG_MISMATCH"));
  RunDue();

  EXPECT_THAT(Redeem("nina", Code("g1")), StatusIs(absl::StatusCode::kNotFound, "GIFT_NOT_FOUND"));
  EXPECT_THAT(Redeem("olha", Code("g1", 2)), IsOk());
}

}  // namespace
}  // namespace masthead::memberships
