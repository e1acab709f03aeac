#include "services/notifications/campaigns/campaign_proto.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/resource/etag.h"
#include "common/resource/name.h"
#include "common/resource/timestamp.h"
#include "common/text/text.h"
#include "services/notifications/authoring/template_names.h"
#include "services/notifications/following/topic_proto.h"
#include "services/notifications/messages/message_proto.h"
#include "services/notifications/routes/route.h"
#include "services/notifications/templates/template_draft.h"

namespace masthead::notifications {
namespace {

constexpr absl::Duration kSoonestDecision = absl::Minutes(5);
constexpr absl::Duration kLatestDecision = absl::Hours(7 * 24);
constexpr int64_t kMaxTitle = 200;
constexpr int64_t kMaxHeadline = 300;
constexpr int64_t kMaxDek = 1000;
constexpr int64_t kMaxByline = 200;
constexpr int64_t kMaxUrl = 2000;
constexpr int kMaxNames = 20;
constexpr size_t kMaxValueBytes = 64 << 10;
constexpr int64_t kMaxValue = 64 << 10;
constexpr size_t kMaxValueName = 64;
constexpr int kMaxRate = 10'000'000;
constexpr int kMinVariants = 2;
constexpr int kMaxVariants = 10;
constexpr int kMaxWeight = 1000;
constexpr absl::Duration kMinExpiry = absl::Minutes(1);
constexpr absl::Duration kMaxExpiry = absl::Hours(7 * 24);

std::string NameOf(const TemplateReference& letter) {
  return letter.revision == 0 ? TemplateName(letter.id) : TemplateRevisionName(letter.id, letter.revision);
}

template <typename Names>
void AddNames(absl::string_view collection, const std::vector<std::string>& ids, Names& names) {
  for (const std::string& id : ids) *names.Add() = absl::StrCat(collection, id);
}

// IDs of names like `pattern`, none twice.
std::vector<std::string> ParseNames(const std::string& field, absl::string_view pattern,
                                    const google::protobuf::RepeatedPtrField<std::string>& names,
                                    FieldViolations& violations) {
  std::vector<std::string> ids;
  if (names.size() > kMaxNames) {
    violations.Add(field, absl::StrCat("must not have more than ", kMaxNames, " entries"));
    return ids;
  }
  for (int i = 0; i < names.size(); ++i) {
    const std::optional<std::vector<std::string>> parts = resource::ParseName(names[i], pattern);
    const std::string element = absl::StrCat(field, "[", i, "]");
    if (!parts) {
      violations.Add(element, absl::StrCat("must look like ", pattern));
    } else if (std::find(ids.begin(), ids.end(), parts->front()) != ids.end()) {
      violations.Add(element, "stands there twice");
    } else {
      ids.push_back(parts->front());
    }
  }
  return ids;
}

std::optional<TemplateReference> ParseLetter(const std::string& field, const std::string& name,
                                             FieldViolations& violations) {
  if (name.empty()) return std::nullopt;
  absl::StatusOr<TemplateReference> letter = ParseTemplateReference(field, name);
  if (letter.ok()) return *std::move(letter);
  violations.Add(field, "must look like templates/{template} or templates/{template}@{revision}");
  return std::nullopt;
}

std::map<std::string, std::string> ParseValues(const std::string& field,
                                               const google::protobuf::Map<std::string, std::string>& proto,
                                               FieldViolations& violations) {
  std::map<std::string, std::string> values;
  size_t bytes = 0;
  for (const auto& [name, value] : proto) bytes += name.size() + value.size();
  if (bytes > kMaxValueBytes) {
    violations.Add(field, "must not be longer than 64 KiB together");
    return values;
  }
  for (const auto& [name, value] : proto) {
    if (name.empty() || name.size() > kMaxValueName) violations.Add(field, "must have names of 1 to 64 bytes");
    std::string text = value;
    text::CheckText(absl::StrCat(field, "[", name.substr(0, kMaxValueName), "]"), text, kMaxValue, /*required=*/false,
                    violations);
    values[name] = text;
  }
  return values;
}

void ParseAudience(const v1::Campaign::Audience& proto, Campaign& campaign, FieldViolations& violations) {
  const std::string field = "campaign.audience";
  campaign.topics = ParseNames(field + ".topics", "topics/*", proto.topics(), violations);
  if (proto.topics().empty()) violations.Add(field + ".topics", "must name at least one topic");
  Audience& audience = campaign.audience;
  audience.all_topics = ParseNames(field + ".all_topics", "topics/*", proto.all_topics(), violations);
  audience.not_topics = ParseNames(field + ".not_topics", "topics/*", proto.not_topics(), violations);
  audience.tiers = ParseNames(field + ".tiers", "tiers/*", proto.tiers(), violations);
  audience.not_tiers = ParseNames(field + ".not_tiers", "tiers/*", proto.not_tiers(), violations);
  audience.languages = {proto.languages().begin(), proto.languages().end()};
  if (audience.languages.size() > kMaxNames) violations.Add(field + ".languages", "must not have more than 20 entries");
  for (const std::string& language : audience.languages) {
    if (language.empty() || !IsLocale(language)) violations.Add(field + ".languages", "must be BCP 47 tags");
  }
}

void ParseMetric(const v1::Campaign::Test& test, Campaign& campaign, FieldViolations& violations) {
  campaign.metric = "";
  campaign.decide_after = absl::ZeroDuration();
  if (test.metric() == v1::Campaign::METRIC_UNSPECIFIED) return;
  if (!v1::Campaign::Metric_IsValid(test.metric())) violations.Add("campaign.test.metric", "must be OPENS or CLICKS");
  campaign.metric = v1::Campaign::Metric_Name(test.metric());
  campaign.decide_after = absl::Seconds(test.decide_after().seconds());
  if (campaign.decide_after < kSoonestDecision || campaign.decide_after > kLatestDecision) {
    violations.Add("campaign.test.decide_after", "must be 5 minutes to 7 days, in whole seconds");
  }
}

void ParseTest(const v1::Campaign& proto, Campaign& campaign, FieldViolations& violations) {
  campaign.variants.clear();
  campaign.sample_per_mille = kWholeAudience;
  if (!proto.has_test()) return;
  const v1::Campaign::Test& test = proto.test();
  if (test.variants_size() < kMinVariants || test.variants_size() > kMaxVariants) {
    violations.Add("campaign.test.variants", "must be 2 to 10");
    return;
  }
  for (int i = 0; i < test.variants_size(); ++i) {
    const v1::Campaign::Variant& variant = test.variants(i);
    const std::string field = absl::StrCat("campaign.test.variants[", i, "]");
    if (variant.weight() < 1 || variant.weight() > kMaxWeight) violations.Add(field + ".weight", "must be 1 to 1000");
    campaign.variants.push_back({.letter = ParseLetter(field + ".template", variant.template_(), violations),
                                 .values = ParseValues(field + ".values", variant.values(), violations),
                                 .weight = variant.weight()});
  }
  campaign.sample_per_mille = test.sample_per_mille();
  if (test.sample_per_mille() < 1 || test.sample_per_mille() > kWholeAudience) {
    violations.Add("campaign.test.sample_per_mille", "must be 1 to 1000");
  }
  ParseMetric(test, campaign, violations);
}

void ParseUrl(const v1::Campaign& proto, AlertText& text, FieldViolations& violations) {
  text.url = proto.url();
  text::CheckLine("campaign.url", text.url, kMaxUrl, /*required=*/false, violations);
  if (!text.url.empty() && !absl::StartsWith(text.url, "https://")) {
    violations.Add("campaign.url", "must begin with https://");
  }
}

void ParseContact(const v1::Campaign& proto, AlertText& text, FieldViolations& violations) {
  text.contact_address = "";
  if (proto.contact_address().empty()) return;
  const absl::StatusOr<std::string> address = text::MailboxAddress(proto.contact_address());
  if (address.ok()) {
    text.contact_address = *address;
  } else {
    violations.Add("campaign.contact_address", std::string(address.status().message()));
  }
}

void ParseExpiry(const v1::Campaign& proto, Campaign& campaign, FieldViolations& violations) {
  campaign.expiry = absl::ZeroDuration();
  if (!proto.has_expiry()) return;
  campaign.expiry = absl::Seconds(proto.expiry().seconds());
  if (campaign.expiry < kMinExpiry || campaign.expiry > kMaxExpiry || proto.expiry().nanos() != 0) {
    violations.Add("campaign.expiry", "must be 1 minute to 7 days, in whole seconds");
  }
}

// What readers see of it.
void ParseText(const v1::Campaign& proto, const std::set<std::string>& fields, Campaign& campaign,
               FieldViolations& violations) {
  const auto line = [&](const char* field, const std::string& value, std::string& to, int64_t most) {
    if (!fields.contains(field)) return;
    to = value;
    text::CheckLine(absl::StrCat("campaign.", field), to, most, /*required=*/false, violations);
  };
  line("headline", proto.headline(), campaign.text.headline, kMaxHeadline);
  line("dek", proto.dek(), campaign.text.dek, kMaxDek);
  line("byline", proto.byline(), campaign.text.byline, kMaxByline);
  if (fields.contains("url")) ParseUrl(proto, campaign.text, violations);
  if (fields.contains("contact_address")) ParseContact(proto, campaign.text, violations);
  if (fields.contains("articles")) {
    campaign.articles.clear();
    for (const std::string& id : ParseNames("campaign.articles", "articles/*", proto.articles(), violations)) {
      campaign.articles.push_back(absl::StrCat("articles/", id));
    }
  }
  if (fields.contains("template")) {
    campaign.letter =
        ParseLetter("campaign.template", proto.template_(), violations).value_or(TemplateReference{.id = "newsletter"});
  }
  if (fields.contains("values")) campaign.values = ParseValues("campaign.values", proto.values(), violations);
  if (fields.contains("test")) ParseTest(proto, campaign, violations);
}

void AudienceToProto(const Campaign& campaign, v1::Campaign::Audience& proto) {
  AddNames("topics/", campaign.topics, *proto.mutable_topics());
  AddNames("topics/", campaign.audience.all_topics, *proto.mutable_all_topics());
  AddNames("topics/", campaign.audience.not_topics, *proto.mutable_not_topics());
  AddNames("tiers/", campaign.audience.tiers, *proto.mutable_tiers());
  AddNames("tiers/", campaign.audience.not_tiers, *proto.mutable_not_tiers());
  AddNames("", campaign.audience.languages, *proto.mutable_languages());
}

void TestToProto(const Campaign& campaign, v1::Campaign::Test& proto) {
  for (const CampaignVariant& variant : campaign.variants) {
    v1::Campaign::Variant& to = *proto.add_variants();
    if (variant.letter) to.set_template_(NameOf(*variant.letter));
    to.mutable_values()->insert(variant.values.begin(), variant.values.end());
    to.set_weight(variant.weight);
  }
  proto.set_sample_per_mille(campaign.sample_per_mille);
  v1::Campaign::Metric metric = v1::Campaign::METRIC_UNSPECIFIED;
  v1::Campaign::Metric_Parse(campaign.metric, &metric);
  proto.set_metric(metric);
  if (!campaign.metric.empty()) proto.mutable_decide_after()->set_seconds(absl::ToInt64Seconds(campaign.decide_after));
}

// The default route is no route of a campaign's own.
std::string ParseRouteId(const std::string& name, FieldViolations& violations) {
  if (name.empty() || name == RouteName(kDefaultRoute)) return "";
  const std::optional<std::vector<std::string>> ids = resource::ParseName(name, "routes/*");
  if (!ids) violations.Add("campaign.route", "must look like routes/{route}");
  return ids ? ids->front() : "";
}

}  // namespace

v1::Campaign ToProto(const Campaign& campaign) {
  v1::Campaign proto;
  proto.set_name(CampaignName(campaign.id));
  proto.set_title(campaign.title);
  proto.set_headline(campaign.text.headline);
  proto.set_dek(campaign.text.dek);
  proto.set_byline(campaign.text.byline);
  proto.set_url(campaign.text.url);
  proto.set_contact_address(campaign.text.contact_address);
  AddNames("", campaign.articles, *proto.mutable_articles());
  proto.set_template_(NameOf(campaign.letter));
  proto.mutable_values()->insert(campaign.values.begin(), campaign.values.end());
  AudienceToProto(campaign, *proto.mutable_audience());
  for (const Channels channel : Each(campaign.channels)) proto.add_channels(ChannelToProto(channel));
  if (campaign.audience.local_minute >= 0) proto.set_local_time(WallTime(campaign.audience.local_minute));
  proto.set_rate_per_minute(campaign.rate_per_minute);
  if (!campaign.route.empty()) proto.set_route(RouteName(campaign.route));
  if (campaign.expiry > absl::ZeroDuration())
    proto.mutable_expiry()->set_seconds(absl::ToInt64Seconds(campaign.expiry));
  if (campaign.is_test()) TestToProto(campaign, *proto.mutable_test());
  v1::Campaign::State state = v1::Campaign::STATE_UNSPECIFIED;
  v1::Campaign::State_Parse(StateOf(campaign), &state);
  proto.set_state(state);
  if (campaign.start_time) *proto.mutable_start_time() = resource::ToTimestamp(*campaign.start_time);
  if (campaign.latest_start_time) {
    *proto.mutable_latest_start_time() = resource::ToTimestamp(*campaign.latest_start_time);
  }
  if (campaign.decide_time) *proto.mutable_decide_time() = resource::ToTimestamp(*campaign.decide_time);
  for (const Message& message : campaign.messages) proto.add_messages(MessageName(message.id));
  *proto.mutable_counts() = ToProto(SumOfCounts(campaign));
  proto.set_failure(FailureOf(campaign));
  proto.set_etag(resource::Etag(campaign.revision));
  *proto.mutable_create_time() = resource::ToTimestamp(campaign.create_time);
  *proto.mutable_update_time() = resource::ToTimestamp(campaign.update_time);
  return proto;
}

void ParseCampaign(const v1::Campaign& proto, const std::set<std::string>& fields, Campaign& campaign,
                   FieldViolations& violations) {
  if (fields.contains("title")) {
    campaign.title = proto.title();
    text::CheckLine("campaign.title", campaign.title, kMaxTitle, /*required=*/true, violations);
  }
  ParseText(proto, fields, campaign, violations);
  if (fields.contains("audience")) ParseAudience(proto.audience(), campaign, violations);
  if (fields.contains("channels")) {
    campaign.channels = ParseChannels("campaign.channels", proto.channels(), violations);
    if (proto.channels().empty()) campaign.channels = kEmail;
  }
  if (fields.contains("local_time")) {
    campaign.audience.local_minute =
        proto.local_time().empty() ? -1 : ParseWallTime("campaign.local_time", proto.local_time(), violations);
  }
  if (fields.contains("route")) campaign.route = ParseRouteId(proto.route(), violations);
  if (fields.contains("rate_per_minute")) {
    campaign.rate_per_minute = proto.rate_per_minute();
    if (campaign.rate_per_minute < 0 || campaign.rate_per_minute > kMaxRate) {
      violations.Add("campaign.rate_per_minute", "must be 0 to 10000000");
    }
  }
  if (fields.contains("expiry")) ParseExpiry(proto, campaign, violations);
}

}  // namespace masthead::notifications
