#include "services/articles/sharing/gift_links_service.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/idempotency/mutation.h"
#include "common/ids/uuid.h"
#include "services/articles/article/article_lookup.h"
#include "services/articles/errors.h"
#include "services/articles/links/link.h"
#include "services/articles/links/link_secret.h"
#include "services/articles/links/link_store.h"
#include "services/articles/reading/article_answers.h"
#include "services/articles/reading/gate.h"
#include "services/articles/reading/reading_store.h"
#include "services/articles/sharing/link_request.h"
#include "services/articles/sharing/sharing_proto.h"

namespace masthead::articles {
namespace {

bool IsMember(const rpc::Call& call) { return call.caller->kind == auth::Caller::Kind::kMember; }

absl::StatusOr<LinkWish> ReadWish(const v1::CreateGiftLinkRequest& request) {
  FieldViolations violations;
  LinkWish wish = ReadLinkWish(request.parent(), "gift_link", request.has_gift_link(), request.gift_link(), violations);
  const int32_t redemptions = request.gift_link().max_redemptions();
  if (redemptions < 0 || redemptions > kMaxRedemptions) {
    violations.Add("gift_link.max_redemptions", absl::StrCat("is not within 1 and ", kMaxRedemptions));
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return wish;
}

}  // namespace

void GiftLinksService::Register(rpc::Service& sharing_service) {
  sharing_service.Unary("CreateGiftLink", this, &GiftLinksService::Create);
  sharing_service.Unary("ListGiftLinks", this, &GiftLinksService::List);
  sharing_service.Unary("RevokeGiftLink", this, &GiftLinksService::Revoke);
}

absl::Status GiftLinksService::CheckGiver(db::Transaction& tx, const Call& call, const std::string& article_id) const {
  const std::vector<LiveArticle> live = LoadLiveArticles(tx, {article_id}, Bodies::kAll);
  if (live.empty()) return ArticleNotFound(ArticleName(article_id));
  if (!IsMember(call)) return absl::OkStatus();
  AccessRules rules = Gate::RulesOf(live[0].article.content);
  // Where it may be read is decided for whoever reads it.
  rules.denied_countries.clear();
  const Admission admission = Gate::Admit(rules, ReaderOf(*call.caller), clock_.Now());
  if (!Granted(admission.decision())) return GiftNotYours(ArticleName(article_id));

  LockCount(tx, absl::StrCat("gifts of ", call.caller->principal()));
  const std::vector<absl::Time> given = LoadGiftTimes(tx, call.caller->principal(), db::Now(tx) - kGiftPeriod);
  if (static_cast<int>(given.size()) < kMaxGiftsOfMember) return absl::OkStatus();
  return GiftLimit(kMaxGiftsOfMember, given[given.size() - kMaxGiftsOfMember] + kGiftPeriod);
}

absl::StatusOr<v1::CreateGiftLinkResponse> GiftLinksService::Create(const Call& call,
                                                                    const v1::CreateGiftLinkRequest& request) {
  ASSIGN_OR_RETURN(const LinkWish wish, ReadWish(request));
  const LinkSecret secret = NewLinkSecret();
  GiftLink link;
  link.id = ids::NewUuid();
  link.article_id = wish.article_id;
  link.digest = secret.digest;
  link.creator = call.caller->principal();
  const int32_t redemptions = request.gift_link().max_redemptions();
  link.max_redemptions = redemptions == 0 ? kDefaultRedemptions : redemptions;
  ASSIGN_OR_RETURN(
      v1::CreateGiftLinkResponse response,
      (idempotency::Mutate<v1::CreateGiftLinkResponse>(
          database_, call, request,
          [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::CreateGiftLinkResponse> {
            RETURN_IF_ERROR(CheckGiver(tx, call, link.article_id));
            GiftLink made = link;
            made.create_time = db::Now(tx);
            ASSIGN_OR_RETURN(made.expire_time, wish.ExpireTimeAt(made.create_time, kDefaultGiftLife, kMaxGiftLife));
            InsertGiftLink(tx, made);
            change = {.resource = GiftLinkName(made), .revision_before = 0, .revision_after = 1};
            v1::CreateGiftLinkResponse stored;
            *stored.mutable_gift_link() = ToProto(made, made.create_time);
            return stored;
          })));
  // What is stored for repetitions knows no secret.
  if (response.gift_link().name() == GiftLinkName(link)) response.set_token(secret.token);
  return response;
}

absl::StatusOr<v1::ListGiftLinksResponse> GiftLinksService::List(const Call& call,
                                                                 const v1::ListGiftLinksRequest& request) {
  ASSIGN_OR_RETURN(const int limit, paging::PageSize(request.page_size(), kDefaultLinksPage, kMaxLinksPage));
  ASSIGN_OR_RETURN(const std::string article_id, ParseArticleId("parent", request.parent()));
  ASSIGN_OR_RETURN(const std::vector<std::string> keys, page_tokens_.Read(call.caller->principal(), request));
  const std::string giver = IsMember(call) ? call.caller->principal() : "";
  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::ListGiftLinksResponse> {
    // To a member, an article that was never public does not exist: it has no links of the member's either.
    if (!IsMember(call)) {
      RETURN_IF_ERROR(FindArticle(tx, article_id).status());
    }
    std::vector<GiftLink> links = LoadGiftLinks(tx, article_id, giver, ReadLinkPosition(keys), limit + 1);
    v1::ListGiftLinksResponse response;
    if (static_cast<int>(links.size()) > limit) {
      links.resize(limit);
      response.set_next_page_token(page_tokens_.Make(call.caller->principal(), request, LinkKeys(links.back())));
    }
    const absl::Time now = db::Now(tx);
    for (const GiftLink& link : links) *response.add_gift_links() = ToProto(link, now);
    return response;
  });
}

absl::StatusOr<v1::GiftLink> GiftLinksService::Revoke(const Call& call, const v1::RevokeGiftLinkRequest& request) {
  ASSIGN_OR_RETURN(const LinkId id, ParseLinkId(request.name(), "articles/*/giftLinks/*"));
  return idempotency::Mutate<v1::GiftLink>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::GiftLink> {
        std::optional<GiftLink> link = LockGiftLink(tx, id.article_id, id.link_id);
        const bool is_theirs = link.has_value() && (!IsMember(call) || link->creator == call.caller->principal());
        if (!is_theirs) return LinkNotFound(request.name());
        change = {.resource = request.name(), .revision_before = 1, .revision_after = 1};
        const absl::Time now = db::Now(tx);
        if (link->revoke_time.has_value()) return ToProto(*link, now);
        link->revoke_time = now;
        articles::RevokeGiftLink(tx, *link);
        change.revision_after = 2;
        return ToProto(*link, now);
      });
}

}  // namespace masthead::articles
