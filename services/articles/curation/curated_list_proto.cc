#include "services/articles/curation/curated_list_proto.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/resource/etag.h"
#include "common/resource/timestamp.h"
#include "services/articles/article/article.h"
#include "services/articles/article/names_proto.h"
#include "services/articles/reading/reading_proto.h"

namespace masthead::articles {
namespace {

// How long an answer may be kept that is dropped by its surrogate keys anyway.
constexpr absl::Duration kMaxAge = absl::Seconds(60);

// Of what changes whenever any article is published, changed or withdrawn.
constexpr char kEveryPublication[] = "publishedArticles";

constexpr char kArticles[] = "articles/";

// Whether a publication of an article that the list does not show may change it. Which articles those are is told to
// nobody who cannot read them.
bool MayFillByItself(const ListOnPage& list) {
  return list.list.kind == CuratedList::Kind::kAutomatic ||
         absl::c_any_of(list.skipped,
                        [](const SkippedSlot& skipped) { return skipped.reason == SkippedSlot::Reason::kNotPublic; });
}

v1::Slot ToProto(const Slot& slot) {
  v1::Slot proto;
  proto.set_article(ArticleName(slot.article_id));
  proto.set_position(slot.position);
  return proto;
}

v1::SkippedSlot::Reason ToProto(SkippedSlot::Reason reason) {
  switch (reason) {
    case SkippedSlot::Reason::kNotPublic:
      return v1::SkippedSlot::NOT_PUBLIC;
    case SkippedSlot::Reason::kInEarlierList:
      return v1::SkippedSlot::IN_EARLIER_LIST;
    case SkippedSlot::Reason::kBeyondEnd:
      return v1::SkippedSlot::BEYOND_END;
  }
  return v1::SkippedSlot::REASON_UNSPECIFIED;
}

}  // namespace

v1::CuratedList ToProto(const CuratedList& list) {
  v1::CuratedList proto;
  proto.set_name(CuratedListName(list.id));
  proto.set_etag(resource::Etag(list.version));
  *proto.mutable_create_time() = resource::ToTimestamp(list.create_time);
  *proto.mutable_update_time() = resource::ToTimestamp(list.update_time);
  proto.set_display_name(list.display_name);
  proto.set_description(list.description);
  proto.set_kind(list.kind == CuratedList::Kind::kManual ? v1::CuratedList::MANUAL : v1::CuratedList::AUTOMATIC);
  proto.set_filter(list.filter);
  proto.set_max_items(list.max_items);
  for (const Slot& slot : list.slots) *proto.add_slots() = ToProto(slot);
  if (list.revision > 0) proto.set_revision(ListRevisionName(list.id, list.revision));
  if (list.next_effective_time.has_value()) {
    *proto.mutable_next_effective_time() = resource::ToTimestamp(*list.next_effective_time);
  }
  return proto;
}

v1::CuratedListRevision ToProto(const ListRevision& revision) {
  v1::CuratedListRevision proto;
  proto.set_name(ListRevisionName(revision.list_id, revision.number));
  *proto.mutable_create_time() = resource::ToTimestamp(revision.create_time);
  *proto.mutable_effective_time() = resource::ToTimestamp(revision.effective_time);
  proto.set_editor(revision.editor);
  for (const Slot& slot : revision.slots) *proto.add_slots() = ToProto(slot);
  return proto;
}

CuratedList::Kind ParseKind(v1::CuratedList::Kind kind, FieldViolations& violations) {
  switch (kind) {
    case v1::CuratedList::MANUAL:
      return CuratedList::Kind::kManual;
    case v1::CuratedList::AUTOMATIC:
      return CuratedList::Kind::kAutomatic;
    default:
      violations.Add("curated_list.kind", "is not MANUAL or AUTOMATIC");
      return CuratedList::Kind::kManual;
  }
}

void ParseFields(const v1::CuratedList& proto, const std::set<std::string>& fields, CuratedList& list) {
  if (fields.count("display_name") > 0) list.display_name = proto.display_name();
  if (fields.count("description") > 0) list.description = proto.description();
  if (fields.count("filter") > 0) list.filter = proto.filter();
  if (fields.count("max_items") > 0) list.max_items = proto.max_items();
}

std::vector<Slot> ParseSlots(const google::protobuf::RepeatedPtrField<v1::Slot>& protos, FieldViolations& violations) {
  std::vector<Slot> slots;
  if (protos.size() > kMaxSlots) {
    violations.Add("slots", absl::StrCat("has more than ", kMaxSlots, " entries"));
    return slots;
  }
  for (int i = 0; i < protos.size(); ++i) {
    const std::string field = absl::StrCat("slots[", i, "].article");
    slots.push_back({ParseId(field, protos[i].article(), "articles/*", violations), protos[i].position()});
  }
  return slots;
}

v1::ResolvedList ToResolvedProto(const ListOnPage& list, const FrontPage& page) {
  v1::ResolvedList proto;
  proto.set_curated_list(CuratedListName(list.list.id));
  proto.set_display_name(list.list.display_name);
  for (const PlacedArticle& placed : list.placed) {
    const auto article = page.articles.find(placed.article_id);
    if (article == page.articles.end()) continue;
    v1::ResolvedItem& item = *proto.add_items();
    item.set_position(placed.position);
    item.set_pinned(placed.pinned);
    *item.mutable_article() = ToListedProto(article->second);
  }
  return proto;
}

v1::PreviewedList ToPreviewedProto(const ListOnPage& list, const FrontPage& page) {
  v1::PreviewedList proto;
  *proto.mutable_list() = ToResolvedProto(list, page);
  if (list.list.revision > 0) proto.set_revision(ListRevisionName(list.list.id, list.list.revision));
  for (const SkippedSlot& skipped : list.skipped) {
    v1::SkippedSlot& slot = *proto.add_skipped_slots();
    *slot.mutable_slot() = ToProto(skipped.slot);
    slot.set_reason(ToProto(skipped.reason));
  }
  return proto;
}

v1::CachePolicy ToCacheProto(const FrontPage& page) {
  v1::CachePolicy cache;
  cache.set_scope(v1::CachePolicy::PUBLIC);
  const absl::Duration max_age = std::clamp(page.lasts.value_or(kMaxAge), absl::ZeroDuration(), kMaxAge);
  cache.mutable_max_age()->set_seconds(absl::ToInt64Seconds(max_age));
  std::set<std::string> keys;
  for (const ListOnPage& on_page : page.lists) {
    keys.insert(CuratedListName(on_page.list.id));
    if (MayFillByItself(on_page)) keys.insert(kEveryPublication);
  }
  for (const auto& [id, article] : page.articles) {
    keys.insert(ArticleName(id));
    for (std::string& shown : ShownResources(article.open_part())) {
      // What a text refers to is not shown in a list, and need not be public.
      if (!absl::StartsWith(shown, kArticles)) keys.insert(std::move(shown));
    }
  }
  for (const std::string& key : keys) cache.add_surrogate_keys(key);
  return cache;
}

}  // namespace masthead::articles
