#include "services/memberships/support/campaign_proto.h"

#include "absl/strings/str_cat.h"
#include "common/resource/etag.h"
#include "common/resource/timestamp.h"

namespace masthead::memberships {
namespace {

v1::Campaign::State ToProto(Campaign::State state) {
  switch (state) {
    case Campaign::State::kScheduled:
      return v1::Campaign::SCHEDULED;
    case Campaign::State::kRunning:
      return v1::Campaign::RUNNING;
    case Campaign::State::kEnded:
      return v1::Campaign::ENDED;
  }
  return v1::Campaign::STATE_UNSPECIFIED;
}

void SetMoney(const Money& money, v1::Money& proto) {
  proto.set_currency_code(money.currency);
  proto.set_minor_units(money.amount);
}

std::vector<CampaignText> ParseTexts(const v1::Campaign& proto) {
  std::vector<CampaignText> texts;
  for (const v1::CampaignText& text : proto.texts()) {
    texts.push_back(
        {.locale = text.locale(), .headline = text.headline(), .body = text.body(), .button = text.button()});
  }
  return texts;
}

std::optional<CampaignGoal> ParseGoal(const v1::Campaign& proto) {
  if (!proto.has_goal()) return std::nullopt;
  CampaignGoal goal;
  if (proto.goal().has_money())
    goal.money = Money{proto.goal().money().currency_code(), proto.goal().money().minor_units()};
  if (proto.goal().has_members()) goal.members = proto.goal().members();
  return goal;
}

std::optional<CampaignQuote> ParseQuote(const v1::Campaign& proto) {
  if (!proto.has_quote()) return std::nullopt;
  return CampaignQuote{.text = proto.quote().text(),
                       .person = proto.quote().person(),
                       .title = proto.quote().title(),
                       .portrait_uri = proto.quote().portrait_uri()};
}

}  // namespace

v1::CampaignText ToProto(const CampaignText& text) {
  v1::CampaignText proto;
  proto.set_locale(text.locale);
  proto.set_headline(text.headline);
  proto.set_body(text.body);
  proto.set_button(text.button);
  return proto;
}

v1::CampaignGoal ToProto(const CampaignGoal& goal) {
  v1::CampaignGoal proto;
  if (goal.money) SetMoney(*goal.money, *proto.mutable_money());
  if (goal.members) proto.set_members(*goal.members);
  return proto;
}

v1::CampaignQuote ToProto(const CampaignQuote& quote) {
  v1::CampaignQuote proto;
  proto.set_text(quote.text);
  proto.set_person(quote.person);
  proto.set_title(quote.title);
  proto.set_portrait_uri(quote.portrait_uri);
  return proto;
}

v1::CampaignProgress ToProto(const CampaignProgress& progress, const std::optional<CampaignGoal>& goal) {
  v1::CampaignProgress proto;
  for (const Money& money : progress.raised) SetMoney(money, *proto.add_raised());
  proto.set_members_gained(progress.members_gained);
  proto.set_percent(PercentReached(goal, progress));
  return proto;
}

v1::Campaign ToProto(const Campaign& campaign, const CampaignProgress& progress, absl::Time now) {
  v1::Campaign proto;
  proto.set_name(CampaignName(campaign.id));
  proto.set_display_name(campaign.display_name);
  for (const CampaignText& text : campaign.texts) *proto.add_texts() = ToProto(text);
  if (campaign.goal) *proto.mutable_goal() = ToProto(*campaign.goal);
  if (campaign.quote) *proto.mutable_quote() = ToProto(*campaign.quote);
  *proto.mutable_start_time() = resource::ToTimestamp(campaign.start_time);
  if (campaign.end_time) *proto.mutable_end_time() = resource::ToTimestamp(*campaign.end_time);
  proto.set_state(ToProto(StateAt(campaign, now)));
  *proto.mutable_progress() = ToProto(progress, campaign.goal);
  *proto.mutable_create_time() = resource::ToTimestamp(campaign.create_time);
  *proto.mutable_update_time() = resource::ToTimestamp(campaign.update_time);
  proto.set_etag(resource::Etag(campaign.revision));
  return proto;
}

void ParseFields(absl::string_view field, const v1::Campaign& proto, const std::set<std::string>& fields,
                 Campaign& campaign, FieldViolations& violations) {
  if (fields.contains("display_name")) campaign.display_name = proto.display_name();
  if (fields.contains("texts")) campaign.texts = ParseTexts(proto);
  if (fields.contains("goal")) campaign.goal = ParseGoal(proto);
  if (fields.contains("quote")) campaign.quote = ParseQuote(proto);
  if (fields.contains("start_time") && proto.has_start_time()) {
    campaign.start_time = resource::ParseTimestamp(absl::StrCat(field, ".start_time"), proto.start_time(), violations);
  }
  if (fields.contains("end_time")) {
    campaign.end_time.reset();
    if (proto.has_end_time()) {
      campaign.end_time = resource::ParseTimestamp(absl::StrCat(field, ".end_time"), proto.end_time(), violations);
    }
  }
}

}  // namespace masthead::memberships
