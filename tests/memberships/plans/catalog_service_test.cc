#include "gmock/gmock.h"
#include "masthead/memberships/v1/catalog_service.grpc.pb.h"
#include "tests/memberships/newsroom.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;

using Catalog = v1::CatalogService::Stub;

class CatalogServiceTest : public NewsroomTest {
 protected:
  absl::StatusOr<v1::Price> MakePrice(const std::string& id, const std::string& more = "") {
    return Call(
        Backend(), &Catalog::CreatePrice,
        Text<v1::CreatePriceRequest>("price_id: '" + id +
                                     "' price { tier: 'tiers/gold' display_name: 'Gold' amount { currency_code: "
                                     "'EUR' minor_units: 500 } interval { unit: MONTH count: 1 } " +
                                     more + " }"));
  }

  absl::StatusOr<v1::Offer> MakeOffer(const std::string& id, const std::string& terms) {
    return Call(Backend(), &Catalog::CreateOffer,
                Text<v1::CreateOfferRequest>("offer_id: '" + id + "' offer { display_name: 'Offer' occasion: SIGN_UP " +
                                             terms + " }"));
  }

  std::vector<std::string> ListPrices(bool show_archived, const std::string& tier = "") {
    v1::ListPricesRequest request;
    request.set_show_archived(show_archived);
    request.set_tier(tier);
    request.set_page_size(1);
    std::vector<std::string> names;
    do {
      const auto page = Call("", &Catalog::ListPrices, request);
      EXPECT_THAT(page, IsOk());
      if (!page.ok()) break;
      for (const v1::Price& price : page->prices()) names.push_back(price.name());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return names;
  }
};

TEST_F(CatalogServiceTest, ATierHasAPriceInEachCurrency) {
  MakeTier("gold");
  const auto euros = MakePrice("gold-eur", "trial_days: 14 most_seats: 10 tax_basis_points: 2000");
  ASSERT_THAT(euros, IsOk());
  EXPECT_EQ(euros->least_seats(), 1);
  EXPECT_EQ(euros->grace_days().value(), 21);
  ASSERT_THAT(Call(Backend(), &Catalog::CreatePrice, Text<v1::CreatePriceRequest>(R"pb(
                     price_id: "gold-jpy"
                     price {
                       tier: "tiers/gold"
                       display_name: "Gold"
                       amount { currency_code: "JPY" minor_units: 980 }
                       interval { unit: YEAR count: 1 }
                       grace_days {}
                     }
                   )pb")),
              IsOk());

  v1::GetPriceRequest request;
  request.set_name("prices/gold-eur");
  const auto read = Call("", &Catalog::GetPrice, request);
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(read->SerializeAsString(), euros->SerializeAsString());
  EXPECT_THAT(ListPrices(false, "tiers/gold"), ElementsAre("prices/gold-eur", "prices/gold-jpy"));
  EXPECT_THAT(ListPrices(false, "tiers/silver"), ElementsAre());
  EXPECT_THAT(MakePrice("gold-eur"), StatusIs(absl::StatusCode::kAlreadyExists, "PRICE_EXISTS"));
  request.set_name("prices/gold-usd");
  EXPECT_THAT(Call("", &Catalog::GetPrice, request), StatusIs(absl::StatusCode::kNotFound, "PRICE_NOT_FOUND"));
}

TEST_F(CatalogServiceTest, APriceIsForATierThatCanBeHad) {
  EXPECT_THAT(MakePrice("gold-eur"), StatusIs(absl::StatusCode::kNotFound, "TIER_NOT_FOUND"));
  MakeTier("gold");
  EXPECT_THAT(Call(Backend(), &Plans::ArchiveTier, Text<v1::ArchiveTierRequest>("name: 'tiers/gold' etag: '*'")),
              IsOk());
  EXPECT_THAT(MakePrice("gold-eur"), StatusIs(absl::StatusCode::kFailedPrecondition, "TIER_ARCHIVED"));
}

TEST_F(CatalogServiceTest, EverythingWrongWithAPriceIsToldAtOnce) {
  MakeTier("gold");
  EXPECT_THAT(MakePrice("gold-eur", "grace_days { value: 31 } trial_days: 731 tax_basis_points: -1"),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  EXPECT_THAT(Call(Backend(), &Catalog::CreatePrice, v1::CreatePriceRequest()),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
}

TEST_F(CatalogServiceTest, AnArchivedPriceIsNotSoldAnyMore) {
  MakeTier("gold");
  const auto price = MakePrice("gold-eur");
  ASSERT_THAT(price, IsOk());
  v1::ArchivePriceRequest request;
  request.set_name("prices/gold-eur");
  request.set_etag("\"7\"");
  EXPECT_THAT(Call(Backend(), &Catalog::ArchivePrice, request), StatusIs(absl::StatusCode::kAborted, "ETAG_MISMATCH"));
  request.set_etag(price->etag());

  const auto archived = Call(Backend(), &Catalog::ArchivePrice, request);

  ASSERT_THAT(archived, IsOk());
  EXPECT_EQ(archived->state(), v1::Price::ARCHIVED);
  EXPECT_THAT(ListPrices(false), ElementsAre());
  EXPECT_THAT(ListPrices(true), ElementsAre("prices/gold-eur"));
  request.set_etag("*");
  EXPECT_THAT(Call(Backend(), &Catalog::ArchivePrice, request),
              StatusIs(absl::StatusCode::kFailedPrecondition, "PRICE_ARCHIVED"));
}

TEST_F(CatalogServiceTest, AnOfferSaysItsTermsForGood) {
  MakeTier("gold");
  const auto made =
      MakeOffer("spring", "percent_basis_points: 5000 duration: REPEATING invoices: 3 tiers: 'tiers/gold'");
  ASSERT_THAT(made, IsOk());
  EXPECT_THAT(MakeOffer("spring", "free_days: 30 duration: ONCE"),
              StatusIs(absl::StatusCode::kAlreadyExists, "OFFER_EXISTS"));

  v1::UpdateOfferRequest request;
  *request.mutable_offer() = *made;
  request.mutable_offer()->set_percent_basis_points(9000);
  request.mutable_offer()->set_max_redemptions(100);
  request.mutable_update_mask()->add_paths("max_redemptions");
  const auto updated = Call(Backend(), &Catalog::UpdateOffer, request);
  ASSERT_THAT(updated, IsOk());
  EXPECT_EQ(updated->max_redemptions(), 100);
  EXPECT_EQ(updated->percent_basis_points(), 5000);
  EXPECT_THAT(Call(Backend(), &Catalog::UpdateOffer, request), StatusIs(absl::StatusCode::kAborted, "ETAG_MISMATCH"));

  v1::GetOfferRequest get;
  get.set_name("offers/spring");
  const auto read = Call(server_.MemberToken("members/nina"), &Catalog::GetOffer, get);
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(read->SerializeAsString(), updated->SerializeAsString());
}

TEST_F(CatalogServiceTest, AnOfferIsRefusedTermsThatContradictThemselves) {
  for (const char* terms :
       {"duration: ONCE", "percent_basis_points: 5000", "percent_basis_points: 5000 duration: REPEATING",
        "free_days: 30 duration: FOREVER", "amount_off { currency_code: 'EUR' } duration: ONCE"}) {
    EXPECT_THAT(MakeOffer("spring", terms), StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD")) << terms;
  }
  EXPECT_THAT(MakeOffer("spring", "free_days: 30 duration: ONCE tiers: 'tiers/none'"),
              StatusIs(absl::StatusCode::kNotFound, "TIER_NOT_FOUND"));
}

TEST_F(CatalogServiceTest, AnArchivedOfferIsClosed) {
  ASSERT_THAT(MakeOffer("spring", "free_days: 30 duration: ONCE"), IsOk());
  v1::ArchiveOfferRequest request;
  request.set_name("offers/spring");
  request.set_etag("*");
  ASSERT_THAT(Call(Backend(), &Catalog::ArchiveOffer, request), IsOk());
  EXPECT_THAT(Call(Backend(), &Catalog::ArchiveOffer, request),
              StatusIs(absl::StatusCode::kFailedPrecondition, "OFFER_ENDED"));
  EXPECT_THAT(Call(Backend(), &Catalog::UpdateOffer,
                   Text<v1::UpdateOfferRequest>("offer { name: 'offers/spring' etag: '*' display_name: 'Summer' }")),
              StatusIs(absl::StatusCode::kFailedPrecondition, "OFFER_ENDED"));
  const auto listed = Call(Backend(), &Catalog::ListOffers, v1::ListOffersRequest());
  ASSERT_THAT(listed, IsOk());
  EXPECT_EQ(listed->offers_size(), 0);
}

}  // namespace
}  // namespace masthead::memberships
